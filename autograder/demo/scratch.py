"""A scratch folder, in which a whole course can run without touching anything outside."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder import course
from autograder.course import Course
from autograder.errors import Problem

MARK = ".autograder-demo"
OWN_EXCHANGE = """

# The demo's own exchange. All made-up learners hand in as one user of the operating system.
c = get_config()  # noqa: F821
c.Exchange.root = {exchange!r}
c.ExchangeCollect.check_owner = False
"""


@dataclass(frozen=True)
class Scratch:
    """The scratch folder: the instructor's course, the exchange, one folder for each learner, and a home."""

    root: Path

    @property
    def course(self) -> Path:
        return self.root / "course"

    @property
    def exchange(self) -> Path:
        return self.root / "exchange"

    @property
    def learners(self) -> Path:
        return self.root / "learners"

    @property
    def home(self) -> Path:
        return self.root / "home"


def prepare(original: Course, into: Path | None) -> Scratch:
    """Return a fresh scratch folder with a copy of the course. The folder of an earlier demo is emptied first."""
    root = Path(tempfile.mkdtemp(prefix="autograder-demo-")) if into is None else _emptied(into)
    (root / MARK).touch()
    scratch = Scratch(root)
    for folder in (scratch.course, scratch.exchange, scratch.learners, scratch.home):
        folder.mkdir()
    scratch.exchange.chmod(0o777)
    shutil.copyfile(original.root / course.FILE, scratch.course / course.FILE)
    config = (original.root / "nbgrader_config.py").read_text(encoding="utf-8")
    config += OWN_EXCHANGE.format(exchange=str(scratch.exchange))
    (scratch.course / "nbgrader_config.py").write_text(config, encoding="utf-8")
    for assignment in original.assignments:
        master = original.master(assignment.id)
        target = scratch.course / master.relative_to(original.root)
        target.parent.mkdir(parents=True)
        shutil.copyfile(master, target)
    return scratch


@contextmanager
def at_home(scratch: Scratch) -> Iterator[None]:
    """Move the home and all folders of Jupyter into the scratch folder until the block ends, in children too."""
    folders = {
        "HOME": ".",
        "JUPYTER_CONFIG_DIR": ".jupyter",
        "JUPYTER_DATA_DIR": ".local/share/jupyter",
        "JUPYTER_RUNTIME_DIR": ".local/share/jupyter/runtime",
        "IPYTHONDIR": ".ipython",
        "MPLCONFIGDIR": ".config/matplotlib",
        "XDG_CONFIG_HOME": ".config",
        "XDG_CACHE_HOME": ".cache",
        "XDG_DATA_HOME": ".local/share",
    }
    changed = {name: str((scratch.home / folder).resolve()) for name, folder in folders.items()}
    changed["JUPYTER_NO_CONFIG"] = "1"
    before = {name: os.environ.get(name) for name in (*changed, "JUPYTER_CONFIG_PATH", "JUPYTER_PATH")}
    for name in before:
        os.environ.pop(name, None)
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _emptied(into: Path) -> Path:
    """Make the folder, or empty it if a demo made it. Raises Problem for any other folder that is not empty."""
    root = into.resolve()
    if root.is_dir() and any(root.iterdir()):
        if not (root / MARK).is_file():
            raise Problem(into, "is not empty, and no demo made it", "Name a new folder with --into.")
        _empty(root)
    elif root.exists() and not root.is_dir():
        raise Problem(into, "is a file", "Name a new folder with --into.")
    root.mkdir(parents=True, exist_ok=True)
    return root


def _empty(root: Path) -> None:
    """Remove everything in the folder; nbgrader leaves read-only folders behind."""
    for path in root.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    for path in root.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
