"""What nbgrader's own autograde is shown of a hand-in: the files that are safe to read and to copy, and no others.

Left alone, it copies whatever lies beside a notebook: what a link leads to, a device without an end, a file of a
terabyte. And a folder's name that it cannot read back ends its run for the whole class.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.notebooks.files import own_file
from autograder.notebooks.handed_in_at import own_timestamp
from autograder.notebooks.submitted import MOST_LINE, SECRET, TIMESTAMP, wrong_with


def guard(autograde: Any) -> None:
    """Have this converter read and copy, besides notebooks, what `stage` lays out; and leave out misnamed folders."""
    for folder in list(autograde.assignments):
        wrong = [why for part in Path(folder).parts[-2:] if (why := wrong_with(part))]
        if wrong:
            autograde.log.error("What lies in %a is not graded: its name %s", folder, wrong[0])
            del autograde.assignments[folder]
    for name in ("init_destination", "init_assignment"):
        setattr(autograde, name, _staged(autograde, getattr(autograde, name)))


def _staged(autograde: Any, step: Callable[[str, str], Any]) -> Callable[[str, str], Any]:
    def run(assignment_id: str, student_id: str) -> Any:
        real = autograde._format_source
        with tempfile.TemporaryDirectory(prefix="autograder-handin-") as folder:
            stage(Path(real(assignment_id, student_id)), Path(folder))
            autograde._format_source = lambda *names, **options: folder
            try:
                return step(assignment_id, student_id)
            finally:
                autograde._format_source = real

    return run


def stage(handed_in: Path, folder: Path) -> None:
    """Lay out what is kept of a hand-in besides its notebook: what `autograder grade` keeps, too."""
    for name, content in kept(handed_in).items():
        (folder / name).write_bytes(content)


def kept(handed_in: Path) -> dict[str, bytes]:
    """Return the time of a hand-in, where it is one, and the exchange's secret, where feedback can be released by it.

    Releasing reads both as text, and ends for everybody where it cannot.
    """
    stamp = own_timestamp(handed_in)
    if not stamp:
        return {}
    files = {TIMESTAMP: stamp.encode()}
    secret = own_file(handed_in / SECRET, MOST_LINE)
    if secret and secret.isascii() and secret.decode("ascii").isprintable():
        files[SECRET] = secret
    return files
