"""Read YAML of unknown origin down to a few levels, as text, lists and dictionaries.

PyYAML's fast loader dies where YAML is nested deeply, and its other one takes a minute for ten megabytes. So this goes
through the events of the fast parser, and leaves out what lies deeper. No tag makes an object.
"""

from typing import Any

import yaml

MOST_DEPTH = 6
# The time to parse grows with the square of the depth.
DEEPEST = 200
PARSER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _Open:
    """A collection that is being read. A dictionary waits for the value of `key`."""

    def __init__(self, made: Any) -> None:
        self.made = made
        self.key: str | None = None

    def add(self, value: Any) -> None:
        """Add what comes next: an item, a key, or the value of a key."""
        if isinstance(self.made, list):
            self.made.append(value)
        elif self.key is None:
            self.key = value if isinstance(value, str) else ""
        else:
            self.made[self.key], self.key = value, None


def read_yaml(text: str) -> Any:
    """Return the first document. Raises ValueError if it is not YAML, or nested too deeply."""
    top = _Open([])
    stack, anchors, depth = [top], dict[str, Any](), 0
    try:
        for event in yaml.parse(text, Loader=PARSER):
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                depth += 1
                if depth > DEEPEST:
                    raise ValueError(f"it is nested more than {DEEPEST} levels deep")
                made: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
                if depth <= MOST_DEPTH:
                    _add(stack[-1], made, event.anchor, anchors)
                    stack.append(_Open(made))
                elif depth == MOST_DEPTH + 1:
                    # It is left out, but it is the value of a key.
                    stack[-1].add(None)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                depth -= 1
                if depth < MOST_DEPTH:
                    stack.pop()
            elif depth <= MOST_DEPTH and isinstance(event, yaml.ScalarEvent):
                _add(stack[-1], event.value, event.anchor, anchors)
            elif depth <= MOST_DEPTH and isinstance(event, yaml.AliasEvent):
                stack[-1].add(anchors.get(event.anchor or ""))
    except yaml.YAMLError as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    documents = top.made
    return documents[0] if documents else None


def _add(to: _Open, value: Any, anchor: str | None, anchors: dict[str, Any]) -> None:
    to.add(value)
    if anchor:
        anchors[anchor] = value
