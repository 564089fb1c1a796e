"""Show nbgrader's own autograde only those files of a hand-in that are safe to read and copy.

Otherwise it copies everything beside a notebook: the target of a link, an endless device, a file of a terabyte. And a
folder whose name it cannot parse ends its run for the whole class.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.notebooks.files import own_file
from autograder.notebooks.handed_in_at import own_timestamp
from autograder.notebooks.submitted import MISNAMED, MOST_LINE, SECRET, TIMESTAMP, wrong_with


def guard(autograde: Any) -> None:
    """Make this converter copy only staged files, besides notebooks, and skip misnamed folders."""
    for folder in list(autograde.assignments):
        faults = [fault for part in Path(folder).parts[-2:] if (fault := wrong_with(part))]
        if faults:
            autograde.log.error("%a: %s", folder, MISNAMED.format(why=faults[0]))
            del autograde.assignments[folder]
    for name in ("init_destination", "init_assignment"):
        setattr(autograde, name, _staged(autograde, getattr(autograde, name)))


def _staged(autograde: Any, step: Callable[[str, str], Any]) -> Callable[[str, str], Any]:
    def run(assignment_id: str, student_id: str) -> Any:
        original = autograde._format_source
        with tempfile.TemporaryDirectory(prefix="autograder-handin-") as folder:
            stage(Path(original(assignment_id, student_id)), Path(folder))
            autograde._format_source = lambda *names, **options: folder
            try:
                return step(assignment_id, student_id)
            finally:
                autograde._format_source = original

    return run


def stage(handed_in: Path, folder: Path) -> None:
    """Write the files that are kept beside the notebook, the same as `autograder grade` keeps."""
    for name, content in kept_files(handed_in).items():
        (folder / name).write_bytes(content)


def kept_files(handed_in: Path) -> dict[str, bytes]:
    """Return the timestamp of a hand-in and the exchange's secret, by file name; without those that are not valid text.

    Releasing feedback reads both as text. One that it cannot read would end it for everybody.
    """
    stamp = own_timestamp(handed_in)
    if not stamp:
        return {}
    files = {TIMESTAMP: stamp.encode()}
    secret = own_file(handed_in / SECRET, MOST_LINE)
    if secret and secret.isascii() and secret.decode("ascii").isprintable():
        files[SECRET] = secret
    return files
