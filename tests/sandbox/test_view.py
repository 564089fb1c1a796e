"""A worker may read the interpreter's packages and libraries, and no prefix as a whole."""

import os
import site
import sys
import sysconfig
from pathlib import Path

import pytest

from autograder.sandbox.worker.isolation import view
from autograder.sandbox.worker.isolation.view import within

KIT = Path(view.__file__).resolve().parents[4]
# Where Debian's node keeps the settings of its package manager, and nbgrader's default exchange.
PRIVATE = ("/usr/lib/node_modules/npm/npmrc", "/usr/etc/npmrc", "/usr/local/share/nbgrader/exchange", "/usr/share")


@pytest.fixture
def system_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this interpreter look like Debian's own."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    paths = {"stdlib": f"/usr/lib/{version}", "platstdlib": f"/usr/lib/{version}"}
    for name in ("prefix", "exec_prefix", "base_prefix", "base_exec_prefix"):
        monkeypatch.setattr(sys, name, "/usr")
    monkeypatch.setattr(sysconfig, "get_path", paths.get)
    monkeypatch.setattr(
        site, "getsitepackages", lambda: [f"/usr/local/lib/{version}/dist-packages", "/usr/lib/python3"]
    )


def test_of_a_system_python_no_prefix_is_shown(system_python: None) -> None:
    shown = view.view(KIT).shown
    assert "/usr" not in shown and "/usr/lib" not in shown
    assert not [path for path in PRIVATE if within(path, shown)]


def test_of_an_environment_only_packages_are_shown() -> None:
    shown = view.view(KIT).shown
    assert not within(sys.prefix, shown)
    assert within(sysconfig.get_path("purelib"), shown)
    assert all(os.path.realpath(path) == path for path in shown)


def test_the_packages_of_the_base_interpreter_are_hidden_from_an_environment() -> None:
    base = os.path.realpath(os.path.join(sysconfig.get_path("stdlib"), "site-packages"))
    if sys.prefix == sys.base_prefix or not os.path.isdir(base):
        pytest.skip("this interpreter is no environment's")
    assert base in view.view(KIT).hidden


def test_of_the_kit_only_the_workers_part_is_shown() -> None:
    seen = view.view(KIT)
    assert str(KIT / "autograder") in seen.hidden
    assert seen.own == tuple(
        str(KIT / "autograder" / name) for name in ("__init__.py", "sandbox/__init__.py", "sandbox/worker")
    )


def test_paths_below_another_are_left_out() -> None:
    assert view._outermost(["/a/b/c", "/a/b", "/a/bc", "/d"]) == ("/a/b", "/a/bc", "/d")
