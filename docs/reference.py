"""Write docs/commands.md, docs/course.md and autograder/course.schema.json from the code: `make reference`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from autograder.cli.app import app
from autograder.course import Assignment, Course
from autograder.late_policy import CourseLatePolicy
from autograder.limits import Limits

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = """# Commands

`make reference` writes this page from the command line itself; `autograder COMMAND --help` says the same.

The exit status is 0 where all is well, whatever the scores. It is 1 where something needs a person: a check without a
verdict, a proof that does not hold, a part that is missing, or a fault of the grader itself, whose traceback
`AUTOGRADER_DEBUG=1` shows. It is 2 for wrong usage and for a file that cannot be read, which one line explains. It is
130 where Ctrl-C stopped `grade`.
"""
SETTINGS = """# course.yml

`make reference` writes this page from the model that reads the file. Unknown keys are errors. Editors that know
`autograder/course.schema.json` complete the keys and check the values.
"""
LIMITS = """A call or cell may wait for five times as long as it may compute. A machine that stands still for a moment,
or has no memory left, looks like a call that waits or dies. So the first that waits too long, or whose process is
killed from outside, is tried again. This counts as no restart.
"""
LATE = """A day counts from its first second on, after the deadline with the learner's extension. Free days go to late
hand-ins in the order of due dates without extensions, then of this file. A hand-in takes as many as it is late, or all
that are left. It takes none if the rest would cost as much: `zero` takes everything for the first day. Only graded
hand-ins count, and if one is replaced, `grade` shares the days out anew. An assignment's own `late` replaces the
course's and has the same keys, except `free_days`, which hold there, too.
"""
DEFAULT = re.compile(r" \[default: (.*)\]$")
# The words of JSON Schema, and of people.
BOUNDS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "pattern": "matches `{}`",
    "minItems": "with {} or more",
}
TYPES = {"string": "text", "boolean": "true or false", "integer": "whole number", "number": "number", "array": "list"}


def pages() -> dict[Path, str]:
    """Return every file that is made from the code, with its text."""
    return {
        ROOT / "docs" / "commands.md": commands(),
        ROOT / "docs" / "course.md": settings(),
        ROOT / "autograder" / "course.schema.json": json.dumps(schema(), indent=2, ensure_ascii=False) + "\n",
    }


def commands() -> str:
    """Return the page of all commands, each with its arguments and options."""
    group = typer.main.get_command(app)
    return "\n".join([COMMANDS, *_commands(group)])


def _commands(group: Any, before: str = "") -> Iterator[str]:
    """Yield each command of a group, with those of the groups in it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield f"## {before}{name}\n\n{command.help}\n"
            yield from _commands(command, f"{before}{name} ")
        else:
            yield _command(f"{before}{name}", command)


def _command(name: str, command: Any) -> str:
    rows = [_parameter(parameter) for parameter in command.params]
    arguments = [_usage(one) for one in command.params if one.param_type_name == "argument"]
    return "\n".join(
        [
            f"## {name}\n\n`autograder {name}{''.join(arguments)}`\n\n{command.help}\n",
            _table(("argument or option", "meaning", "default"), rows),
        ]
    )


def _usage(argument: Any) -> str:
    return (
        f" {argument.metavar}" if argument.required else f" [{argument.metavar}]{'...' if argument.nargs == -1 else ''}"
    )


def _parameter(parameter: Any) -> tuple[str, str, str]:
    meaning = DEFAULT.sub("", parameter.help)
    default = DEFAULT.search(parameter.help)
    if default:
        shown = default.group(1)
    elif isinstance(parameter.show_default, str):
        shown = parameter.show_default
    else:
        shown = str(parameter.default) if parameter.default not in (None, False, "") else ""
    return f"`{_shown(parameter)}`", meaning, shown


def _shown(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return parameter.metavar
    return " ".join(filter(None, (parameter.opts[0], parameter.metavar)))


def settings() -> str:
    """Return the page of all keys of course.yml."""
    made = schema()
    limits, late, step = (made["$defs"][model.__name__] for model in (Limits, CourseLatePolicy, Assignment))
    head = ("key", "value", "default", "meaning")
    return "\n".join(
        [
            SETTINGS,
            _table(head, _keys(made)),
            "## `limits`: what one submission may use\n",
            LIMITS,
            _table(head, _keys(limits)),
            "## `late`: what a late hand-in costs\n",
            LATE,
            _table(head, _keys(late)),
            "## `assignments`: a list, each entry with\n",
            _table(head, _keys(step)),
        ]
    )


def _keys(model: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for key, facts in model["properties"].items():
        default = "required" if key in model.get("required", ()) else _default(facts.get("default"))
        yield f"`{key}`", _value(facts), default, facts["description"]


def _value(facts: dict[str, Any]) -> str:
    if "anyOf" in facts:
        (facts,) = (each for each in facts["anyOf"] if each.get("type") != "null")
    if "enum" in facts or "const" in facts:
        return ", ".join(f"`{value}`" for value in facts.get("enum") or [facts["const"]])
    if "$ref" in facts:
        return "see below"
    kind = "date" if facts.get("format") == "date-time" else TYPES[facts["type"]]
    bounds = [said.format(facts[word]) for word, said in BOUNDS.items() if word in facts]
    return ", ".join([kind, *bounds])


def _default(value: Any) -> str:
    if isinstance(value, dict):
        return "each its own"
    return "" if value in (None, "", []) else f"`{json.dumps(value)}`".replace('"', "")


def schema() -> dict[str, Any]:
    """Return the JSON schema of what people write: all of Course but the folder that it was found in."""
    made = Course.model_json_schema()
    made["properties"].pop("root")
    made["required"].remove("root")
    made["title"] = "course.yml"
    return made


def _table(head: tuple[str, ...], rows: Any) -> str:
    cells = [head, ("---",) * len(head), *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows)]
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)


def main() -> None:
    """Write the files that hold another text."""
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
