"""``python -m medibook``: the tool behind the clinic."""

from medibook.cli import app

if __name__ == "__main__":
    app(prog_name="python -m medibook")
