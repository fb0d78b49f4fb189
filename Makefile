# Short names for the launcher; "python3 start.py --help" lists everything.
PYTHON ?= python3

.PHONY: run dev test check build clean

run:
	$(PYTHON) start.py

dev:
	$(PYTHON) start.py dev

test:
	$(PYTHON) start.py test

check:
	$(PYTHON) start.py check

build:
	$(PYTHON) start.py build

# Takes away everything that the launcher made, except the data of the clinic.
clean:
	rm -rf .venv .web .states
