"""The reference pages are what the code says, and every command that a page names exists, with its options."""

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from nbgrader.apps.nbgraderapp import NbGraderApp

from autograder.cli.app import app

ROOT = Path(__file__).resolve().parents[1]
PAGES = [path for folder in (".", "docs") for path in sorted((ROOT / folder).glob("*.md"))]
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`((?:autograder|make|nbgrader|pytest|python|\.venv/bin/\w+|git|pre-commit) [^`]+)`")
# A word in place of a value, as in `autograder COMMAND --help`.
PLACEHOLDERS = {"COMMAND", "SYSTEM", "TARGET"}
BRACKETS = re.compile(r"\[.*\](\.\.\.)?")
# Programs that a reader may have, which the kit's own machine need not have.
ELSEWHERE = {"$EDITOR", "dask", "limactl", "mutmut", "nbgrader", "podman", "wsl"}
# The programs of this environment, whether or not it is activated.
PATH = os.pathsep.join((str(Path(sys.prefix) / "bin"), os.environ["PATH"]))
GROUP = typer.main.get_command(app)


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", ["docs/commands.md", "docs/course.md", "autograder/course.schema.json"])
def test_what_is_made_from_the_code_is_as_the_code_is(path: str) -> None:
    """After a change of a command, an option or a key: make reference."""
    assert (ROOT / path).read_text(encoding="utf-8") == load(ROOT / "docs" / "reference.py").pages()[ROOT / path]


def test_every_command_and_every_option_says_what_it_is_for() -> None:
    commands = dict(every_command(GROUP))
    assert {"grade", "export", "export canvas"} <= commands.keys()
    assert not [(name, one.name) for name, command in commands.items() for one in command.params if not one.help]
    assert not [name for name, command in commands.items() if not command.help]


def every_command(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each command of a group with its name, and those of the groups in it."""
    for name, command in group.commands.items():
        yield before + name, command
        if hasattr(command, "commands"):
            yield from every_command(command, f"{before}{name} ")


def test_every_target_of_make_is_listed_by_make_help() -> None:
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    (phony,) = (line.split()[1:] for line in rules.splitlines() if line.startswith(".PHONY: help"))
    listed = re.findall(r"^([a-z]+):.*## \S", rules, re.MULTILINE)
    assert sorted(phony) == sorted(listed) == sorted(TARGETS)


def commands_of(line: str) -> list[list[str]]:
    """Return the words of each command of a shell line, without comments and what is set for it alone."""
    split: list[list[str]] = [[]]
    lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;")
    lexer.whitespace_split = True
    for word in lexer:
        if set(word) <= set("&|;"):
            split.append([])
        elif split[-1] or not re.match(r"[A-Z_]+=", word):
            split[-1].append(word)
    return [command for command in split if command]


def complaint(words: list[str]) -> str:
    """Return what is wrong with a command: a name or an option that does not exist. Empty where nothing is."""
    program, *arguments = words
    program = program.removeprefix(".venv/bin/")
    if PLACEHOLDERS.intersection(arguments):
        return ""
    if program == "autograder":
        return _of_ours(arguments)
    if program == "make":
        unknown = [word for word in arguments if "=" not in word and word not in TARGETS]
        return f"no target {unknown}" if unknown else ""
    if program == "nbgrader":
        return "" if arguments[0] in NbGraderApp.subcommands else f"no command {arguments[0]} of nbgrader's"
    if program in ("python", "pytest", "ruff"):
        paths = [word for word in arguments if "/" in word and not word.startswith("-")]
        missing = [word for word in paths if not (ROOT / word.partition("::")[0]).exists()]
        return f"no file {missing}" if missing else ""
    return (
        ""
        if program in ELSEWHERE or program in (".", "cd") or shutil.which(program, path=PATH)
        else f"no program {program}"
    )


def _of_ours(arguments: list[str]) -> str:
    command, name, rest = GROUP, "autograder", arguments
    # A sentence may speak of a group without naming one of its commands.
    while rest and hasattr(command, "commands"):
        name, *rest = rest
        if name not in command.commands:
            return f"no command {name}"
        command = command.commands[name]
    if hasattr(command, "commands"):
        return ""
    try:
        command.make_context(name, [word for word in rest if not BRACKETS.fullmatch(word)])
    except Exception as error:
        # A sentence may speak of a command without its arguments; and --help ends where it has helped.
        return "" if type(error).__name__ in ("MissingParameter", "Exit") else f"{type(error).__name__}: {error}"
    return ""


SHELL = [
    pytest.param(line, id=f"{path.name}: {line}")
    for path in PAGES
    for language, text in FENCE.findall(path.read_text(encoding="utf-8"))
    if language == "sh"
    for line in text.splitlines()
    if line.strip() and not line.startswith("#")
]


@pytest.mark.parametrize("line", SHELL)
def test_every_shell_line_of_the_docs_can_be_run(line: str) -> None:
    assert [told for words in commands_of(line) if (told := complaint(words))] == []


@pytest.mark.slow
def test_the_shell_blocks_of_the_docs_parse() -> None:
    for path in PAGES:
        for language, text in FENCE.findall(path.read_text(encoding="utf-8")):
            assert language, f"{path.name}: a block without a language, which nothing checks:\n{text}"
            if language == "sh":
                done = subprocess.run(["sh", "-n"], input=text, capture_output=True, text=True)
                assert done.returncode == 0, (path.name, text, done.stderr)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_command_named_in_a_sentence_exists(path: Path) -> None:
    prose = FENCE.sub("", path.read_text(encoding="utf-8"))
    named = INLINE.findall(prose)
    assert [(line, told) for line in named for words in commands_of(line) if (told := complaint(words))] == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("autograder grad", "no command grad"),
        ("autograder grade --force --fast", "NoSuchOption"),
        ("autograder export blackboard", "no command"),
        ("autograder export csv --slow", "NoSuchOption"),
        ("autograder grade --jobs many", "BadParameter"),
        ("cd here && make everything", "no target"),
        ("nbgrader exports", "no command exports"),
        ("pytest tests/test_none.py", "no file"),
        ("unheardof --now", "no program"),
    ],
)
def test_what_does_not_exist_is_found(line: str, told: str) -> None:
    """The other tests of this file would be of no use if these passed."""
    assert told in " ".join(complaint(words) for words in commands_of(line))
