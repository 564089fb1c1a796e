"""A submitted notebook -> a whole one: the release notebook with the learner's own cells in their places.

Notebooks come back with cells deleted, doubled, moved, retyped, or stripped of their metadata, and one such notebook
must not cost the learner points that the code deserves, nor stop the class. Whatever is mended is said in a note.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.notebook import is_locked, nbgrader_metadata, source_of

RESTORED_MISSING = "The cell “{id}” was missing; the course's own was put back."
RESTORED_CHANGED = "The locked cell “{id}” had been changed; the course's own was put back."
DOUBLED = "The cell “{id}” was there {count} times; all were run, and the last one counts as yours."
RETYPED = "The cell “{id}” was not a code cell any more; it was read as code."
FOUND = "The cell “{id}” had lost its metadata; it was recognised by the function {name} that it defines."
MOVED = "The course's cells were not in their order; they were put back in order, with your own cells after them."
KINDS = ("code", "markdown", "raw")


@dataclass
class Piece:
    """One submitted cell while its place is sought."""

    kind: str
    source: str
    id: str
    known: str | None


@dataclass
class Places:
    """Where each piece goes: by the release cell that it is, and the rest behind the one that they followed."""

    mine: dict[str, list[Piece]] = field(default_factory=dict)
    behind: dict[str | None, list[Piece]] = field(default_factory=dict)


def repair(submitted: Mapping[str, Any], release: NotebookNode) -> tuple[NotebookNode, tuple[str, ...]]:
    """The whole notebook, and a note on everything that was mended."""
    known = {nbgrader_metadata(cell)["grade_id"]: cell for cell in release.cells if nbgrader_metadata(cell)}
    pieces = [_piece(cell, known) for cell in submitted["cells"] if isinstance(cell, Mapping)]
    notes: list[str] = []
    _recognise(pieces, known, notes)
    places = _sort(pieces, known, notes)
    cells = [_own(piece) for piece in places.behind.get(None, [])]
    for grade_id, cell in known.items():
        mine = places.mine.get(grade_id, [])
        cells += [_own(piece) for piece in mine[:-1] if not is_locked(cell)]
        cells.append(_place(cell, mine, notes))
        cells += [_own(piece) for piece in places.behind.get(grade_id, [])]
    whole = nbformat.v4.new_notebook(cells=cells, metadata=release.metadata)
    whole.nbformat_minor = 5
    _unique_ids(whole)
    return whole, tuple(notes)


def functions_in(source: str) -> set[str]:
    """Names of the functions that the source defines at its top level; none where it does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def _piece(cell: Mapping[str, Any], known: Mapping[str, Any]) -> Piece:
    kind = cell.get("cell_type")
    grade_id = nbgrader_metadata(cell).get("grade_id")
    return Piece(
        kind=kind if kind in KINDS else "raw",
        source=source_of(cell),
        id=str(cell.get("id", "")),
        known=grade_id if isinstance(grade_id, str) and grade_id in known else None,
    )


def _recognise(pieces: list[Piece], known: Mapping[str, NotebookNode], notes: list[str]) -> None:
    """Give solution cells that lost their metadata back their names, by what they define."""
    present = {piece.known for piece in pieces}
    for grade_id, cell in known.items():
        if grade_id in present or is_locked(cell):
            continue
        wanted = functions_in(cell.source)
        found = [p for p in pieces if p.known is None and p.kind == "code" and wanted & functions_in(p.source)]
        if found:
            found[-1].known = grade_id
            notes.append(FOUND.format(id=grade_id, name=min(wanted)))
    by_id = {cell.get("id"): name for name, cell in known.items() if is_locked(cell)}
    for piece in pieces:
        # A locked cell that lost its metadata is still the course's own, unless its text was changed.
        name = by_id.get(piece.id)
        if piece.known is None and name is not None and piece.source == known[name].source:
            piece.known = name


def _sort(pieces: list[Piece], known: Mapping[str, NotebookNode], notes: list[str]) -> Places:
    places = Places()
    last: str | None = None
    order = list(known)
    moved = False
    for piece in pieces:
        if piece.known is None:
            places.behind.setdefault(last, []).append(piece)
            continue
        if last is not None and piece.known not in places.mine and order.index(piece.known) < order.index(last):
            moved = True
        places.mine.setdefault(piece.known, []).append(piece)
        last = piece.known
    for grade_id, mine in places.mine.items():
        if len(mine) > 1 and not is_locked(known[grade_id]):
            notes.append(DOUBLED.format(id=grade_id, count=len(mine)))
    if moved:
        notes.append(MOVED)
    return places


def _place(cell: NotebookNode, mine: list[Piece], notes: list[str]) -> NotebookNode:
    """The release cell, with the learner's source where the cell is the learner's to write."""
    grade_id = cell.metadata.nbgrader.grade_id
    whole = nbformat.from_dict(cell)
    if not mine:
        notes.append(RESTORED_MISSING.format(id=grade_id))
        return whole
    if is_locked(cell):
        if any(piece.source.strip() != cell.source.strip() or piece.kind != "code" for piece in mine):
            notes.append(RESTORED_CHANGED.format(id=grade_id))
        return whole
    if mine[-1].kind != "code":
        notes.append(RETYPED.format(id=grade_id))
    whole.source = mine[-1].source
    return whole


def _own(piece: Piece) -> NotebookNode:
    """A cell of the learner's own, without outputs and without any metadata."""
    new = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return new.get(piece.kind, nbformat.v4.new_raw_cell)(piece.source)


def _unique_ids(notebook: NotebookNode) -> None:
    """Number the cells' ids anew where a cell is not the course's, so that the same submission gives the same text."""
    for number, cell in enumerate(notebook.cells):
        if "nbgrader" not in cell.metadata:
            cell.id = f"own-{number}"
