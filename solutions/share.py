"""Put the code that all lessons share into the visible checks of every master notebook. `make stubs` runs this first.

In that cell, everything down to the end of the function visible_check is replaced. The rest is the lesson's own.
"""

import ast
from pathlib import Path

import nbformat

from autograder.authoring.visible_checks import CHECKS, VISIBLE_CHECKS, shared_source

HERE = Path(__file__).resolve().parent


def shared() -> str:
    """Return the code that every lesson's visible checks begin with."""
    return shared_source(HERE)


def with_shared(source: str) -> str:
    """Return a cell's source with the current shared code."""
    (last,) = (node for node in ast.parse(source).body if getattr(node, "name", "") == CHECKS)
    own = "\n".join(source.splitlines()[last.end_lineno :]).strip("\n")
    return f"{shared()}\n\n{own}"


def main() -> None:
    """Rewrite the masters whose shared code is out of date."""
    for path in sorted(HERE.glob("*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        (cell,) = (cell for cell in notebook.cells if cell.id == VISIBLE_CHECKS)
        if cell.source != with_shared(cell.source):
            cell.source = with_shared(cell.source)
            nbformat.write(notebook, path)
            print(f"updated {path.relative_to(HERE)}")


if __name__ == "__main__":
    main()
