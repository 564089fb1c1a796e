"""Prepare the files for a sandbox's self-test: a canary, and what the kit hides (see worker/probes.py)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.sandbox.worker.isolation import scratch

KIT = Path(__file__).resolve().parents[1]
# Real files: an attempt to read a missing file would prove nothing. A package for another system holds one step alone.
ANSWERS = min((KIT / "steps").glob("*/right_answers.py"))
SUITE = ANSWERS.with_name(f"test_{ANSWERS.parent.name}.py")
SECRETS = (KIT / "steps", SUITE, ANSWERS, KIT / "suite" / "references.py")


@contextmanager
def probed(secrets: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """Yield paths that a worker must not reach: a canary, which every user may read and write, and `secrets`."""
    # It is named like a worker's folder, so that it is removed later if this process is killed meanwhile.
    folder = scratch.make()
    try:
        Path(folder).chmod(0o755)
        canary = Path(folder) / "canary"
        canary.write_text("nobody should read this", encoding="ascii")
        canary.chmod(0o666)
        yield {"canary": str(canary), "secrets": [str(path) for path in (*SECRETS, *secrets)]}
    finally:
        scratch.remove(folder)
