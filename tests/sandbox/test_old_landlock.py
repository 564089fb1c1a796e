"""Landlock in Linux 5.13 to 6.1 has no right to truncate a file, so seccomp must stop that.

The kernel here may be newer, so the tests use a copy of the kit that requests the oldest Landlock.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import host
from tests.few import few

KIT = Path(host.__file__).resolve().parents[1]
NEW, OLD = "    known = version()\n", "    known = {version}\n"
TRY = """
import json, sys
from autograder.limits import Limits
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session

CODE = '''
import os
def empty(path, way):
    try:
        if way == "truncate":
            os.truncate(path, 0)
        elif way == "open to read":
            os.open(path, os.O_RDONLY | os.O_TRUNC)
        elif way == "open to write":
            os.open(path, os.O_WRONLY | os.O_TRUNC)
        elif way == "create":
            os.open(path, os.O_RDONLY | os.O_CREAT | os.O_TRUNC)
        else:
            open(path, "w")
    except OSError as error:
        return "stopped"
    return "came through"
def own():
    open("mine", "w").write("twelve bytes")
    with open("mine", "r+") as file:
        file.truncate(6)
    open("mine", "w").write("new")
    return open("mine").read()
'''
with Sandbox(Limits(), without=["namespaces"]) as sandbox:
    with Session(sandbox, Submission("x", "x", (Cell("cell 1", CODE),)), "") as session:
        found = {way: session.call("empty", {"path": sys.argv[1], "way": way}).value for way in sys.argv[2:]}
        print(json.dumps({"leaks": sandbox.leaks, "found": found, "own": session.call("own", {}).value}))
"""
WAYS = ("truncate", "open to read", "open to write", "create", "w")


@pytest.mark.slow
@pytest.mark.parametrize("version", few([1, 2], 1))
def test_no_file_of_the_machine_can_be_emptied(version: int, tmp_path: Path) -> None:
    shutil.copytree(KIT, tmp_path / "autograder", ignore=shutil.ignore_patterns("__pycache__"))
    landlock = tmp_path / "autograder" / "sandbox" / "worker" / "isolation" / "landlock.py"
    text = landlock.read_text(encoding="utf-8")
    assert text.count(NEW) == 1
    landlock.write_text(text.replace(NEW, OLD.format(version=version)), encoding="utf-8")
    gradebook = tmp_path / "gradebook.db"
    gradebook.write_text("all grades", encoding="ascii")
    gradebook.chmod(0o666)
    command = [sys.executable, "-c", TRY, str(gradebook), *WAYS]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert gradebook.read_text(encoding="ascii") == "all grades"
    assert json.loads(done.stdout) == {"leaks": [], "found": dict.fromkeys(WAYS, "stopped"), "own": "new"}
