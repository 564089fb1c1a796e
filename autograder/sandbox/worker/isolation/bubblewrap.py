"""Use bubblewrap where the system allows namespaces to it and refuses them to us, as Ubuntu's AppArmor may.

bubblewrap gives the zygote, and so all workers together, a small file tree, no network and no other processes. Workers
cannot have namespaces of their own there, because bubblewrap's children may not make any. So the kit makes its own
wherever it can.
"""

import json
import os
import shutil
import subprocess
import sys
from typing import Any

from autograder.sandbox.worker.isolation import scratch
from autograder.sandbox.worker.isolation.view import DEVICES, View, within

IMPORT = "autograder.sandbox.worker.no_decompositions"
ZYGOTE = "autograder.sandbox.worker.zygote"
TRY_SECONDS = 10


def go_on(settings: dict[str, Any], proc: int, view: View, refused: str) -> str:
    """Restart this process inside bubblewrap. Return the reason where that is impossible; otherwise, do not return.

    `proc` is a descriptor of /proc. The new process inherits it and the control socket, which `settings` name.
    """
    # First the system's, then one from a Python package.
    program = shutil.which("bwrap", path=os.pathsep.join((os.defpath, os.path.dirname(sys.executable))))
    if program is None:
        return f"{refused}; bubblewrap might be allowed to, and is not installed (`apt install bubblewrap`)"
    command = [program, *arguments(view), "--"]
    try:
        trial = subprocess.run(
            [*command, sys.executable, "-I", "-S", "-c", ""], capture_output=True, text=True, timeout=TRY_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{refused}; bubblewrap does not start either ({error})"
    if trial.returncode != 0:
        return f"{refused}; bubblewrap does not start either ({trial.stderr.strip()[-200:]})"
    for descriptor in (proc, settings["control"]):
        os.set_inheritable(descriptor, True)
    inside = json.dumps({**settings, "inside": {"proc": proc, "refused": refused}})
    code = f"import sys; sys.path.insert(0, {settings['packages']!r}); from {IMPORT} import left_out\n"
    code += f"with left_out(): import torch\nfrom {ZYGOTE} import main; main()"
    os.execv(program, [*command, sys.executable, "-I", "-c", code, str(settings["control"]), inside])


def arguments(view: View) -> list[str]:
    """Return bubblewrap's options: the view, read-only, an empty folder to write in, and nothing else."""
    options = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    for path in view.shown:
        # Not --dev: it would need a second user namespace.
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
    options += ["--tmpfs", scratch.ROOT, "--setenv", "TMPDIR", scratch.ROOT, "--chdir", scratch.ROOT]
    return [*options, "--remount-ro", "/"]
