"""The command line as another user, for what root may do and an ordinary user may not."""

import json
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Nobody's, and no number of root's.
ORDINARY, GROUP = 54_321, 54_323


def run_as(user: int, run_cli: Callable[..., Any], *arguments: str | Path) -> tuple[int, str]:
    """Run a command in a child of this process that is `user`; its exit status and what it said on stderr.

    A process that is not root's stays who it is. What the command needs of Python's library has to be imported before,
    since another user may not be able to read it.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(GROUP)
                os.setuid(user)
            os.umask(0o022)
            os.environ["HOME"] = "/nonexistent"
            done = run_cli(*arguments)
            with os.fdopen(writing, "w", encoding="utf-8") as pipe:
                json.dump([done.exit_code, done.stderr], pipe)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(99)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        sent = pipe.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, "the child did not come to an end"
    exit_code, said = json.loads(sent)
    return exit_code, said
