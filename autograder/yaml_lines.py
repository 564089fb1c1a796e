"""Read a YAML file once: its settings, and the line of each, so that an error can name it. course.py checks them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from autograder.errors import Problem

SettingPath = tuple[Any, ...]
MOST_SHOWN = 60
DATE = "Write a date such as 2027-01-15 23:59, with or without an offset such as +01:00"
REMEDIES = {
    "extra_forbidden": "Remove it, or mend its spelling",
    "missing": "Add it",
    "datetime_from_date_parsing": DATE,
    "datetime_parsing": DATE,
}


class Loader(yaml.SafeLoader):
    """YAML's safe loader, with dates left as text: pydantic reads them, and its errors then name the line."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True)
class Settings:
    """The settings of a YAML file, and the line of each by its path, such as ("assignments", 0, "id")."""

    file: Path
    values: dict[Any, Any]
    lines: dict[SettingPath, int]

    def where(self, path: SettingPath) -> str:
        """Return file and line of a setting; where it is absent, of the nearest setting around it."""
        line = next((self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), 1)
        return f"{self.file}:{line}"

    def problem(self, error: ValidationError) -> Problem:
        """Return pydantic's first error as a Problem with file, line, key, bad value and remedy."""
        first = error.errors()[0]
        path = tuple(first["loc"])
        key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
        text = first["msg"].removeprefix("Value error, ")
        text = {"extra_forbidden": "unknown key", "missing": "is missing"}.get(first["type"], text)
        value = "" if first["type"] == "missing" or not path else f" (got {_short(first['input'])})"
        what = f"{key}: {text}{value}" if key else text
        remedy = REMEDIES.get(first["type"], "Change the value") + "; see the comments in the file."
        return Problem(self.where(path), what, remedy)


def read_settings(file: Path) -> Settings:
    """Read a YAML file. Raises Problem where it is not YAML in UTF-8, or holds no settings."""
    try:
        loader = Loader(file.read_text(encoding="utf-8"))
        try:
            node = loader.get_single_node()
            values = loader.construct_document(node) if node else None
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        raise Problem(file, "is not UTF-8 text", "Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else file
        what = getattr(error, "problem", None) or "the text does not parse"
        raise Problem(where, f"is not valid YAML: {what}", "Mend the line; indent with spaces.") from error
    if node is None or not isinstance(values, dict):
        raise Problem(file, "holds no settings", "It needs at least `course`, `seed` and `assignments`.")
    return Settings(file, values, _lines(node))


def _lines(node: yaml.Node, path: SettingPath = ()) -> dict[SettingPath, int]:
    """Return the line, counted from 1, of every setting in the file by its path."""
    lines = {path: node.start_mark.line + 1}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            lines.update(_lines(value, (*path, key.value)))
            lines[(*path, key.value)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines.update(_lines(value, (*path, index)))
    return lines


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "..."
