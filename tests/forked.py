"""Run code as `python -c` does, in a fork of a process that has imported PyTorch: each import would take seconds."""

import multiprocessing
import os
import sys
import tempfile
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

PRELOADED = ["torch"]
SECONDS = 120


def run(code: str, *arguments: object, seconds: float = SECONDS) -> CompletedProcess[str]:
    """Run code in a process of its own, with these arguments. Raises TimeoutExpired."""
    # Not the standard library's plain fork: this process has imported other tests.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with tempfile.TemporaryDirectory() as folder:
        printed = [Path(folder) / "stdout", Path(folder) / "stderr"]
        process = context.Process(target=_execute, args=(code, [*map(str, arguments)], *map(str, printed)))
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutExpired(code, seconds)
        said = [path.read_text(encoding="utf-8") for path in printed]
        return CompletedProcess(code, process.exitcode, *said)


def _execute(code: str, arguments: list[str], stdout: str, stderr: str) -> None:
    for descriptor, path in ((1, stdout), (2, stderr)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.argv = ["-c", *arguments]
    exec(compile(code, "<code>", "exec"), {"__name__": "__main__"})
