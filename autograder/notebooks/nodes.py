"""Make nbformat's nodes. nbformat's own functions have no types; these have."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode


def node(fields: Mapping[str, Any]) -> NotebookNode:
    """Return a deep copy of these fields as a node, without checking it against nbformat's schema.

    The check of one notebook would take a tenth of a judge's time.
    """
    made: NotebookNode = nbformat.from_dict(fields)
    return made


def read_node(path: Path) -> NotebookNode:
    """Return the notebook in a file. Raises OSError, or one of nbformat's errors."""
    read: NotebookNode = nbformat.read(path, as_version=4)
    return read
