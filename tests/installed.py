"""Install the kit as a package in an interpreter of its own that every user of the machine can run.

In a clone the hidden checks are outside the interpreter's folders; in an installed package they are inside.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("autograder", "pyproject.toml", "README.md", "LICENSE")
PLANTED = "def convolve2d(*arguments, **options):\n    raise NotImplementedError\n"


@dataclass(frozen=True)
class Installed:
    """An environment with the kit as a package. This repository's tests can be imported from `tests`."""

    prefix: Path
    kit: Path
    tests: Path

    def run(self, *command: str, user: int = 0, cwd: Path = ROOT, **options: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, or a module with `-m`, as root or as another user."""
        program = self.prefix / "bin" / command[0]
        environment = {"PATH": f"{self.prefix / 'bin'}:{os.defpath}", "HOME": "/nonexistent", "LANG": "C.UTF-8"}
        environment |= {"PYTHONPATH": str(self.tests), "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        # Python's shared library: another user cannot enter the folder that the program was linked against.
        environment |= {"LD_LIBRARY_PATH": str(self.tests.parent / "python" / "lib")}
        environment |= {name: os.environ[name] for name in os.environ if name.startswith("OPENBLAS_")}
        another = {"user": user, "group": user, "extra_groups": []} if user else {}
        return subprocess.run(
            [program, *command[1:]], cwd=cwd, env=environment | options, capture_output=True, text=True, **another
        )


def install(folder: Path) -> Installed:
    """Install the kit's wheel into a copy of this environment, instead of a link to the clone."""
    base, prefix = folder / "python", folder / "environment"
    _copy(Path(sys.base_prefix), base)
    _copy(Path(sys.prefix), prefix)
    _move_to(prefix, base)
    packages = prefix / Path(sysconfig.get_path("purelib")).relative_to(sys.prefix)
    for path in [*packages.glob("__editable__*"), *packages.glob("conv2d_by_hand-*")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    _unpack(_wheel(folder), packages)
    (packages / "scipy").mkdir(exist_ok=True)
    (packages / "scipy" / "__init__.py").touch()
    (packages / "scipy" / "signal.py").write_text(PLANTED, encoding="ascii")
    tests = folder / "importable"
    tests.mkdir()
    (tests / "tests").symlink_to(ROOT / "tests")
    return Installed(prefix, packages / "autograder", tests)


def _copy(source: Path, target: Path) -> None:
    """Link all files under another name, or copy them if the disk is another one."""

    def link(one: str, other: str) -> None:
        try:
            os.link(one, other)
        except OSError:
            shutil.copy2(one, other)

    shutil.copytree(source, target, symlinks=True, copy_function=link, ignore=shutil.ignore_patterns(".set-up"))


def _move_to(prefix: Path, base: Path) -> None:
    """Make the copied environment use the copied interpreter, and its programs use the copied environment."""
    python = base / "bin" / Path(os.path.realpath(sys.executable)).name
    for path in (prefix / "bin").iterdir():
        if path.name.startswith("python"):
            path.unlink()
            path.symlink_to(python)
        elif path.is_file() and path.read_bytes()[:2] == b"#!":
            text = path.read_text(encoding="utf-8").replace(sys.prefix, str(prefix))
            path.unlink()
            path.write_text(text, encoding="utf-8")
            path.chmod(0o755)
    settings = prefix / "pyvenv.cfg"
    settings.unlink()
    settings.write_text(f"home = {python.parent}\ninclude-system-site-packages = false\n", encoding="utf-8")


def _wheel(folder: Path) -> Path:
    sources = folder / "sources"
    sources.mkdir()
    for name in SOURCES:
        path = ROOT / name
        shutil.copytree(path, sources / name) if path.is_dir() else shutil.copy2(path, sources / name)
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(sources)]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _unpack(wheel: Path, packages: Path) -> None:
    shutil.unpack_archive(wheel, packages, "zip")
    command = [sys.executable, "-m", "compileall", "-q", str(packages / "autograder")]
    subprocess.run(command, check=True, capture_output=True)
