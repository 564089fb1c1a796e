"""A root laid out as a grading container lays it out: no network, no namespaces to be had, no bubblewrap, no home.

Its filter of system calls refuses what Docker's default profile refuses to a container, so the kit is in tier B there.
The environment of these tests stands in for the one that setup.sh makes.
"""

import errno
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from autograder.sandbox.worker.isolation import libc, seccomp

needed = pytest.mark.skipif(
    shutil.which("bwrap") is None or libc.MACHINE not in ("x86_64", "aarch64"), reason="bubblewrap is not installed"
)
CONTAINED = {"x86_64": (272, 308, 165, 155), "aarch64": (97, 268, 40, 41)}  # unshare, setns, mount, pivot_root
LANDLOCK = 444
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc")


def unpack(package: Path, folder: Path) -> Path:
    """Unpack a zip with the modes that it names, and return the folder."""
    with zipfile.ZipFile(package) as archive:
        for entry in archive.infolist():
            path = Path(archive.extract(entry, folder))
            path.chmod(entry.external_attr >> 16 & 0o777)
    return folder


def run(
    *command: str, binds: dict[Path, str], environment: str, refused: tuple[int, ...] = (), path: str = "/usr/bin:/bin"
) -> subprocess.CompletedProcess[str]:
    """Run a command in the root. `binds` are folders that it may write; `environment` is where Python's stands."""
    arguments = ["bwrap", "--unshare-net", "--unshare-pid", "--die-with-parent", "--clearenv", "--setenv", "PATH", path]
    for folder in SYSTEM:
        if os.path.islink(folder):
            arguments += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            arguments += ["--ro-bind", folder, folder]
    arguments += ["--ro-bind", "/dev/null", os.path.realpath(shutil.which("bwrap") or "")]
    if not sys.base_prefix.startswith("/usr"):
        arguments += ["--ro-bind", sys.base_prefix, sys.base_prefix]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for folder, where in binds.items():
        arguments += ["--bind", str(folder), where]
    arguments += ["--ro-bind", sys.prefix, environment] if environment else []
    with tempfile.TemporaryFile() as file:
        file.write(_filter((*CONTAINED[libc.MACHINE], *refused)))
        file.seek(0)
        arguments += ["--seccomp", str(file.fileno()), *command]
        return subprocess.run(
            arguments,
            pass_fds=[file.fileno()],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=400,
        )


def _filter(refused: tuple[int, ...]) -> bytes:
    lines = [(seccomp.LOAD_WORD, 0, 0, seccomp.NUMBER_AT)]
    for number in refused:
        lines += [(seccomp.JUMP_EQUAL, 0, 1, number), (seccomp.RETURN, 0, 0, seccomp.ERRNO | errno.EPERM)]
    lines += [(seccomp.RETURN, 0, 0, seccomp.ALLOW)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
