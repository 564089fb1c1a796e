"""bubblewrap, for where the system lets it make namespaces and refuses them to us, as Ubuntu's AppArmor may.

It gives a small file tree, no network and no other processes to the zygote, and so to all workers together. None gets
any of its own there: what bubblewrap starts may not make more. So the kit's own come first where they can be had.
"""

import json
import os
import shutil
import subprocess
import sys
from typing import Any

from autograder.sandbox.worker.isolation.view import DEVICES, View, within

SCRATCH = "/scratch"
TRY_SECONDS = 10


def go_on(settings: dict[str, Any], proc: int, view: View, refused: str) -> str:
    """Start this process again inside bubblewrap; returns, with why not, only where that cannot be done.

    `proc` is a descriptor of /proc, which is passed on.
    """
    # The system's own first; a package for Python brings one, too.
    program = shutil.which("bwrap", path=os.pathsep.join((os.defpath, os.path.dirname(sys.executable))))
    if program is None:
        return f"{refused}; bubblewrap might be allowed to, and is not installed (`apt install bubblewrap`)"
    command = [program, *arguments(view), "--"]
    try:
        tried = subprocess.run(
            [*command, sys.executable, "-I", "-S", "-c", ""], capture_output=True, text=True, timeout=TRY_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{refused}; bubblewrap does not start either ({error})"
    if tried.returncode != 0:
        return f"{refused}; bubblewrap does not start either ({tried.stderr.strip()[-200:]})"
    os.set_inheritable(proc, True)
    inside = json.dumps({**settings, "inside": {"proc": proc, "refused": refused}})
    os.execv(program, [*command, *sys.orig_argv[:-1], inside])


def arguments(view: View) -> list[str]:
    """Return bubblewrap's options: what the view shows, read-only, an empty folder to write in, and nothing else."""
    options = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    for path in view.shown:
        # No --dev: it would take a second user namespace.
        options += ["--dev-bind" if path in DEVICES else "--ro-bind", path, path]
    inside = [path for path in view.hidden if within(path, view.shown) and os.path.isdir(path)]
    for path in inside:
        options += ["--tmpfs", path]
    for path in view.own:
        options += ["--ro-bind", path, path]
    for path in inside:
        options += ["--remount-ro", path]
    made = list(view.readable)
    for name, real in view.links:
        if not within(name, made):
            options += ["--symlink", real, name]
            made.append(name)
    return [*options, "--tmpfs", SCRATCH, "--setenv", "TMPDIR", SCRATCH, "--chdir", SCRATCH, "--remount-ro", "/"]
