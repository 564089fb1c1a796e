"""Write a file in one step: whoever reads it meanwhile finds the old one or the new one."""

import os
from contextlib import suppress
from pathlib import Path

from autograder.errors import Problem


def write(path: Path, text: str) -> None:
    """Write the text, and make the folder if there is none. Raises Problem."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", errors="replace")
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        why = error.strerror or error
        raise Problem(path, f"cannot be written ({why})", "Name another file with --out.") from error
