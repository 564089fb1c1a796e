"""Containers and old kernels: which layers each allows, which tier that makes, and whether `doctor` says why.

Each stands here as the filter of system calls that it puts around everything: Docker's and Kubernetes' default profile,
an older one that knows no Landlock, gVisor-like kernels that have none. Real ones refuse with the same error numbers.
"""

import errno
import json
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.courses import ROOT

CONTAINED = ("unshare", "setns", "mount", "pivot_root")
NUMBERS = {
    "x86_64": {"unshare": 272, "setns": 308, "mount": 165, "pivot_root": 155, "landlock": 444},
    "aarch64": {"unshare": 97, "setns": 268, "mount": 40, "pivot_root": 41, "landlock": 444},
}
START = """
import json, struct, sys
from autograder.course import load
from autograder.doctor import examine
from autograder.errors import Problem
from autograder.sandbox.host import Sandbox
from autograder.sandbox.worker.isolation import libc, seccomp

numbers, refused = json.loads(sys.argv[1]), json.loads(sys.argv[2])
lines = [(seccomp.LOAD_WORD, 0, 0, seccomp.NUMBER_AT)]
for name, number in refused.items():
    lines += [(seccomp.JUMP_EQUAL, 0, 1, numbers[libc.MACHINE][name])]
    lines += [(seccomp.RETURN, 0, 0, seccomp.ERRNO | number)]
lines += [(seccomp.RETURN, 0, 0, seccomp.ALLOW)]
libc.drop_capabilities()
libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
seccomp.install(b"".join(struct.pack("HBBI", *line) for line in lines))
course = load()
try:
    with Sandbox.for_course(course) as sandbox:
        found = {"tier": sandbox.tier, "leaks": sandbox.leaks, "problem": ""}
except Problem as problem:
    found = {"tier": "C", "leaks": [], "problem": str(problem)}
found["doctor"] = [f"{one.text} {one.remedy}" for one in examine(course) if one.what in ("sandbox", "self-test")]
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Machine:
    """The system calls that a kind of machine refuses, with error numbers; its tier, and what `doctor` says."""

    refuses: dict[str, int]
    tier: str
    says: str = ""


PERM = dict.fromkeys(CONTAINED, errno.EPERM)
MACHINES = {
    "Docker, Podman or Kubernetes with their default profile": Machine(PERM, "B", "Operation not permitted"),
    "a container whose profile knows no Landlock": Machine(
        {**PERM, "landlock": errno.EPERM}, "C", "the container forbids it"
    ),
    "a kernel without Landlock": Machine({"landlock": errno.ENOSYS}, "C", "this kernel has no Landlock"),
    "a kernel in which Landlock is switched off": Machine({"landlock": errno.EOPNOTSUPP}, "C", "switched off"),
    "a kernel without user namespaces": Machine(dict.fromkeys(CONTAINED, errno.ENOSYS), "B", "not implemented"),
}


@pytest.mark.long
@pytest.mark.parametrize("name", MACHINES)
def test_the_tier_and_the_reason_are_told(name: str) -> None:
    machine = MACHINES[name]
    command = [sys.executable, "-c", START, json.dumps(NUMBERS), json.dumps(machine.refuses)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["tier"] == machine.tier
    assert found["leaks"] == []
    findings = " ".join(found["doctor"])
    assert machine.says in findings
    assert "tier A" not in findings
    if machine.tier == "C":
        assert machine.says in found["problem"]
        # Remedies come before the option that gives up isolation.
        for remedy in ("seccomp profile", "virtual machine", "WSL 2", "Lima"):
            assert findings.index(remedy) < findings.index("--unsafe-no-sandbox")
            assert remedy in found["problem"]
