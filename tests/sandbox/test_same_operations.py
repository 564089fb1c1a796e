"""PyTorch as workers have it computes what PyTorch computes: every operation, with PyTorch's own samples."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import courses


def told(what: str, *paths: Path) -> None:
    command = [sys.executable, "-m", "tests.torch_samples", what, *map(str, paths)]
    subprocess.run(command, cwd=courses.ROOT, check=True, capture_output=True)


@pytest.mark.long
def test_every_operation_is_the_same_without_decompositions(tmp_path: Path) -> None:
    """What differs between two runs of PyTorch itself, such as torch.empty, is left out."""
    samples = tmp_path / "samples"
    told("make", samples)
    for what, out in (("run", "one"), ("run", "two"), ("lean", "lean")):
        told(what, samples, tmp_path / out)
    one, two, lean = (json.loads((tmp_path / name).read_text("utf-8")) for name in ("one", "two", "lean"))
    same = [(whole, other) for whole, again, other in zip(one, two, lean, strict=True) if whole == again]
    # PyTorch's own needs names that the stand-in for its compiler does not have.
    differing = {whole for whole, other in same if whole != other and not whole.startswith("broadcast_shapes")}
    assert differing == set()
    assert len({whole.partition(":")[0] for whole, _ in same if "[(" in whole}) > 500
