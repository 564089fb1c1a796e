"""Put visible_check.py, which every lesson shares, into the visible checks of every master notebook.

Whatever stands in that cell down to the end of the function visible_check is replaced; what follows is the lesson's
own. `make stubs` runs this first.
"""

import ast
from pathlib import Path

import nbformat

HERE = Path(__file__).resolve().parent
CELL, LAST = "visible-checks", "visible_check"
# Folded where the front end can: in JupyterLab by the first, in Colab by the second.
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}


def shared() -> str:
    """The text that every lesson's visible checks begin with."""
    return (HERE / "visible_check.py").read_text(encoding="utf-8").rstrip() + "\n"


def with_shared(source: str) -> str:
    """A cell's source with the shared text as it is now."""
    (last,) = (node for node in ast.parse(source).body if getattr(node, "name", "") == LAST)
    own = "\n".join(source.splitlines()[last.end_lineno :]).strip("\n")
    return f"{shared()}\n\n{own}"


def main() -> None:
    """Rewrite the masters that hold another text."""
    for path in sorted(HERE.glob("*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        (cell,) = (cell for cell in notebook.cells if cell.id == CELL)
        source, metadata = with_shared(cell.source), {**cell.metadata, **FOLDED}
        if (cell.source, cell.metadata) != (source, metadata):
            cell.source, cell.metadata = source, nbformat.from_dict(metadata)
            nbformat.write(notebook, path)
            print(f"shared with {path.relative_to(HERE)}")


if __name__ == "__main__":
    main()
