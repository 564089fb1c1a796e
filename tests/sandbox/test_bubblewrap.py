"""Where the system allows namespaces to bubblewrap and refuses them to us, bubblewrap's are used."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.sandbox.worker.isolation import bubblewrap
from autograder.sandbox.worker.isolation.view import View

ROOT = Path(__file__).resolve().parents[2]
needed = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
# As under AppArmor, unshare(2) fails in this process and its children, and clone(2) works.
REFUSED = """
import errno, json, os, struct, sys, time
from autograder.limits import Limits
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.worker.isolation import libc, seccomp
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session

unshare = {"x86_64": 272, "aarch64": 97}[libc.MACHINE]
lines = [(seccomp.LOAD_WORD, 0, 0, seccomp.NUMBER_AT), (seccomp.JUMP_EQUAL, 0, 1, unshare)]
lines += [(seccomp.RETURN, 0, 0, seccomp.ERRNO | errno.EPERM), (seccomp.RETURN, 0, 0, seccomp.ALLOW)]
libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
seccomp.install(b"".join(struct.pack("HBBI", *line) for line in lines))
CODE = '''
import os
def seen():
    return ",".join(path for path in ("/home", "/etc/passwd", {suite!r}, "/proc/self") if os.path.exists(path))
def left():
    open("left", "w").write("x")
    return ",".join(os.listdir("."))
'''
with Sandbox(Limits()) as sandbox:
    state = {"tier": sandbox.tier, "missing": sandbox.missing, "leaks": sandbox.leaks, "answers": []}
    for function in ("seen", "left", "left"):
        cells = (Cell("cell 1", CODE.format(suite=sys.argv[1])),)
        with Session(sandbox, Submission("x", "x", cells), "import torch") as session:
            state["answers"].append(session.call(function, {}).value)
    print(json.dumps(state), flush=True)
    time.sleep(float(sys.argv[2]))
"""


def start(seconds: float) -> subprocess.Popen:
    suite = str(ROOT / "autograder" / "steps" / "conv2d" / "test_conv2d.py")
    return subprocess.Popen(
        [sys.executable, "-c", REFUSED, suite, str(seconds)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
@needed
def test_bubblewrap_takes_over_where_unshare_is_refused() -> None:
    process = start(0)
    state = json.loads(process.communicate(timeout=120)[0])
    assert process.returncode == 0
    assert state["tier"] == "B"
    assert "Operation not permitted" in state["missing"]["namespaces"]
    assert state["missing"]["namespaces"].endswith("all workers share those of bubblewrap")
    assert state["leaks"] == []
    # The file tree is small, and a submission finds nothing of the previous one.
    assert state["answers"] == ["", "left", "left"]


def inside() -> set[str]:
    """Return the running zygotes inside bubblewrap."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b'"inside"' in (folder / "cmdline").read_bytes():
                found.add(folder.name)
        except OSError:
            continue
    return found


@pytest.mark.slow
@needed
def test_nothing_of_it_outlives_a_judge_that_is_killed() -> None:
    before = inside()
    process = start(1000)
    assert process.stdout.readline()
    own = inside() - before
    assert own
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    ends = time.monotonic() + 10
    while inside() & own and time.monotonic() < ends:
        time.sleep(0.02)
    assert not inside() & own


NOTHING = View((), (), (), ())
SETTINGS = {"packages": str(ROOT), "without": [], "unsafe": False}


def test_without_bubblewrap_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name, path: None)
    why = bubblewrap.go_on(SETTINGS, -1, NOTHING, "unshare: Operation not permitted")
    assert why.startswith("unshare: Operation not permitted") and "apt install bubblewrap" in why


@pytest.mark.slow
def test_a_bubblewrap_that_is_refused_too_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name, path: "/bin/false")
    assert "does not start either" in bubblewrap.go_on(SETTINGS, -1, NOTHING, "unshare: Operation not permitted")
