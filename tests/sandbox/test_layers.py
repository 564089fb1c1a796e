"""Every layer matters: for each, there is an attack that fails with all layers and succeeds without this one.

Layers overlap on purpose. Where another layer would stop the attack as well, the test names it and leaves it out, too.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from autograder.course import Course
from autograder.notebooks.read import Cell, Submission
from autograder.report import report
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from autograder.sandbox.worker.isolation import lockdown
from autograder.sandbox.worker.isolation.lockdown import LAYERS

LIMITS = {"call_seconds": 2, "submission_seconds": 5, "memory_mb": 256, "file_bytes": 1_000_000}


@dataclass(frozen=True)
class Shown:
    """An attack on one layer. `overlap` are layers that stop it too; `tier_b` is for what namespaces stop as well."""

    layer: str
    tries: str
    code: str
    overlap: tuple[str, ...] = ()
    tier_b: bool = False
    root: bool = False


ATTACKS = (
    Shown("namespaces", "find out which files the instructor has", "os.stat({canary!r})"),
    Shown("namespaces", "look at its own folder's neighbours in /tmp", "os.stat(os.path.dirname({canary!r}))"),
    Shown("landlock", "read a file of the machine", "open({canary!r}).read()", overlap=("namespaces",)),
    Shown("landlock", "change a file of the machine", "open({canary!r}, 'a').write('x')", tier_b=True),
    Shown("limits", "take 100 GB of address space", "mmap.mmap(-1, 100 << 30, flags=mmap.MAP_PRIVATE | 0x4000 | 0x20)"),
    Shown("limits", "hold 500 files open", "held = [open('/dev/null') for _ in range(500)]"),
    Shown("seccomp", "keep data in memory that no folder shows", "os.memfd_create('x')"),
    Shown(
        "seccomp",
        "send a datagram",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).bind(('127.0.0.1', 0))",
        tier_b=True,
    ),
    Shown("privileges", "become another user", "os.setuid(12345)", overlap=("seccomp",), tier_b=True, root=True),
    Shown("privileges", "mount over its folder", "mount()", overlap=("seccomp", "landlock")),
)
CODE = """
import ctypes, mmap, os, socket

def mount():
    if ctypes.CDLL(None, use_errno=True).mount(b"own", b".", b"tmpfs", 0, None):
        raise OSError(ctypes.get_errno(), "mount")

def attack():
    try:
        {code}
    except (OSError, MemoryError, ValueError) as error:
        return f"stopped: {{error}}"
    return "came through"
"""


def result(sandbox: Sandbox, shown: Shown, canary: str) -> str:
    """Return the result of the attack."""
    source = CODE.format(code=shown.code.format(canary=canary))
    with Session(sandbox, Submission("layers", "layers", (Cell("attack", source),))) as session:
        return session.call("attack", {}).value


@pytest.fixture(scope="module")
def started(the_course: Course) -> Iterator[Callable[..., Sandbox]]:
    """Return a function that gives a sandbox without some layers, and starts each combination once."""
    limits = the_course.limits.model_copy(update=LIMITS)
    sandboxes: dict[frozenset[str], Sandbox] = {}

    def start(*without: str) -> Sandbox:
        key = frozenset(without)
        if key not in sandboxes:
            sandboxes[key] = Sandbox(limits, without=key, unsafe=True).__enter__()
        if missing := sandboxes[key].missing.keys() - key:
            pytest.skip(f"this machine lacks {', '.join(sorted(missing))} anyway")
        return sandboxes[key]

    yield start
    for sandbox in sandboxes.values():
        sandbox.__exit__()


@pytest.fixture
def canary(tmp_path) -> str:
    """Make a file that every user of this machine may read and write."""
    file = tmp_path / "canary"
    file.write_text("secret", encoding="ascii")
    file.chmod(0o666)
    return str(file)


def test_every_layer_has_an_attack() -> None:
    assert {shown.layer for shown in ATTACKS} == set(LAYERS)


@pytest.mark.slow
@pytest.mark.parametrize("shown", ATTACKS, ids=lambda shown: f"{shown.layer}: {shown.tries}")
def test_an_attack_comes_through_only_without_its_layer(started, canary, shown: Shown) -> None:
    if shown.root and os.geteuid() != 0:
        pytest.skip("an ordinary user has no privileges to give up")
    rest = ("namespaces",) if shown.tier_b else ()
    assert result(started(*rest), shown, canary).startswith("stopped")
    assert result(started(shown.layer, *shown.overlap, *rest), shown, canary) == "came through"
    # Each named overlap is real: either layer stops the attack without the other.
    for other in shown.overlap:
        assert result(started(shown.layer, *rest), shown, canary).startswith("stopped")
        assert result(started(other, *rest), shown, canary).startswith("stopped")


NEIGHBOURS = """
import os

folder = os.getcwd()
open("secret", "w").write("mine")

def look(name):
    try:
        return [str(os.listdir(os.path.dirname(folder))), open(os.path.join(name, "secret")).read()]
    except OSError as error:
        return f"stopped: {error}"

def spoil(name):
    try:
        return open(os.path.join(name, "secret"), "a").write("x")
    except OSError as error:
        return f"stopped: {error}"

def own():
    return [folder, open("secret").read()]
"""


@pytest.mark.slow
def test_without_namespaces_a_worker_can_use_its_own_folder_and_no_other_workers(started) -> None:
    sandbox = started("namespaces")
    submission = Submission("neighbours", "neighbours", (Cell("cell 1", NEIGHBOURS),))
    with Session(sandbox, submission) as first, Session(sandbox, submission) as second:
        (ours, text), (theirs, _) = first.call("own", {}).value, second.call("own", {}).value
        assert text == "mine" and ours != theirs and os.path.dirname(ours) == os.path.dirname(theirs)
        for function in ("look", "spoil"):
            assert "Permission denied" in first.call(function, {"name": theirs}).value
        assert second.call("own", {}).value == [theirs, "mine"]


def test_workers_and_reports_mean_the_same_tier() -> None:
    assert lockdown.UNSAFE_TIER == report.UNSAFE_TIER
