"""A submitted notebook -> a whole one: the release notebook with the learner's own cells in their places.

Notebooks come back with cells deleted, doubled, moved, retyped, or stripped of their metadata, and one such notebook
must not cost the learner points that the code deserves, nor stop the class. Whatever is mended is said in a note.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nbformat import NotebookNode

from autograder.notebooks.nodes import node
from autograder.notebooks.read import is_locked, names_defined, nbgrader_metadata, source_of
from autograder.report.messages import shortened
from autograder.sanitize import one_line

RESTORED_MISSING = "The cell “{id}” was missing; the course's own was put back."
RESTORED_CHANGED = "The locked cell “{id}” had been changed; the course's own was put back."
EARLIER = (
    "The notebook is of an earlier release of this assignment; "
    "the course's own cells of the current one were put in place of those that differ."
)
DOUBLED = "The cell “{id}” was there {count} times; all were run, and the last one counts as yours."
DOUBLED_LOCKED = "The locked cell “{id}” was there {count} times; the course's own was put in place of them."
RESTORED_METADATA = "The nbgrader metadata of the cell “{id}” had been changed; the course's own was put back."
FOREIGN = "The cell “{id}” says that it is the course's, but this assignment has no such cell; it was read as yours."
RETYPED = "The cell “{id}” was not a code cell any more; it was read as code."
FOUND = "The cell “{id}” had lost its metadata; it was recognised by the function {name} that it defines."
FOUND_LOCKED = "The locked cell “{id}” had lost its metadata; it was recognised by its text."
MOVED = "The course's cells were not in their order; they were put back in order, with your own cells after them."
KINDS = ("code", "markdown", "raw")
# What nbgrader reads of a cell; a checksum may differ where a cell was saved by another program.
TELLING = ("grade", "solution", "locked", "task", "points")
MAX_NOTED_ID = 60


@dataclass
class Piece:
    """One submitted cell while its place is sought."""

    kind: str
    source: str
    id: str
    known: str | None
    changed: bool = False
    as_released: bool = False

    @cached_property
    def defined(self) -> set[str]:
        """Names of the functions that it defines at its top level."""
        return set(names_defined(self.source))


@dataclass
class Places:
    """Where each piece goes: by the release cell that it is, and the rest behind the one that they followed."""

    mine: dict[str, list[Piece]] = field(default_factory=dict)
    behind: dict[str | None, list[Piece]] = field(default_factory=dict)


def is_repair(notes: Sequence[str]) -> bool:
    """Return True where notes of `repair` tell of more than an earlier release, which is nothing of the learner's."""
    return any(note != EARLIER for note in notes)


def repair(submitted: Mapping[str, Any], release: NotebookNode) -> tuple[NotebookNode, tuple[str, ...]]:
    """The whole notebook, and a note on everything that was mended."""
    known = {nbgrader_metadata(cell)["grade_id"]: cell for cell in release.cells if nbgrader_metadata(cell)}
    notes: list[str] = []
    pieces = [_piece(cell, known, notes) for cell in submitted["cells"] if isinstance(cell, Mapping)]
    _recognise(pieces, known, notes)
    places = _sort(pieces, known, notes)
    cells = [_own(piece) for piece in places.behind.get(None, [])]
    for grade_id, cell in known.items():
        mine = places.mine.get(grade_id, [])
        cells += [_own(piece) for piece in mine[:-1] if not is_locked(cell)]
        cells.append(_place(cell, mine, notes))
        cells += [_own(piece) for piece in places.behind.get(grade_id, [])]
    repaired = node({"metadata": release.metadata, "nbformat": 4, "nbformat_minor": 5})
    # Added as they are: copying them again would take time.
    repaired["cells"] = cells
    _number_learners_cells(repaired)
    return repaired, shortened(tuple(dict.fromkeys(notes)))


def _piece(cell: Mapping[str, Any], known: Mapping[str, Any], notes: list[str]) -> Piece:
    kind = cell.get("cell_type")
    kind = kind if isinstance(kind, str) and kind in KINDS else "raw"
    metadata = nbgrader_metadata(cell)
    grade_id = metadata.get("grade_id")
    piece = Piece(kind, source_of(cell), cell["id"] if isinstance(cell.get("id"), str) else "", None)
    if isinstance(grade_id, str) and grade_id in known:
        own = nbgrader_metadata(known[grade_id])
        piece.known = grade_id
        piece.as_released = _is_as_released(metadata, piece)
        piece.changed = any(metadata.get(key) != own.get(key) for key in TELLING)
    elif metadata:
        notes.append(FOREIGN.format(id=one_line(grade_id[:MAX_NOTED_ID]) if isinstance(grade_id, str) else "?"))
    return piece


def _is_as_released(metadata: Mapping[str, Any], piece: Piece) -> bool:
    """Return True for a cell whose text is still the one that nbgrader made its checksum for, in some release.

    Whoever forges a checksum gains another note, and no points. nbgrader's own function for it is not called, because
    importing nbgrader would take each judge most of a second.
    """
    graded = bool(metadata.get("grade"))
    parts = [piece.source, piece.kind, graded, bool(metadata.get("solution")), bool(metadata.get("locked"))]
    parts.append(metadata.get("grade_id"))
    points = metadata.get("points")
    if graded and isinstance(points, int | float):
        parts.append(float(points))
    text = "".join(map(str, parts)).encode("utf-8", "replace")
    return metadata.get("checksum") == hashlib.md5(text, usedforsecurity=False).hexdigest()


def _recognise(pieces: list[Piece], known: Mapping[str, NotebookNode], notes: list[str]) -> None:
    """Give cells that lost their metadata back their names: by what they define, or, locked ones, by their text."""
    for grade_id, cell in known.items():
        if is_locked(cell) or any(piece.known == grade_id for piece in pieces):
            continue
        wanted = set(names_defined(cell.source))
        found = [piece for piece in pieces if _is_free(piece, known) and wanted & piece.defined]
        if found:
            found[-1].known = grade_id
            notes.append(FOUND.format(id=grade_id, name=min(wanted)))
    names = {(cell.get("id"), cell.source): name for name, cell in known.items() if is_locked(cell)}
    for piece in pieces:
        # A locked cell that lost its metadata is still the course's own, unless its text was changed.
        name = names.get((piece.id, piece.source))
        if piece.known is None and name is not None:
            piece.known = name
            notes.append(FOUND_LOCKED.format(id=name))


def _is_free(piece: Piece, known: Mapping[str, NotebookNode]) -> bool:
    """True for code that may be a lost solution: in no cell of the course's, or with a locked cell's name on it."""
    if piece.known is None:
        return piece.kind == "code"
    cell = known[piece.known]
    return is_locked(cell) and piece.source.strip() != cell.source.strip()


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
        if len(mine) > 1:
            template = DOUBLED_LOCKED if is_locked(known[grade_id]) else DOUBLED
            notes.append(template.format(id=grade_id, count=len(mine)))
    if moved:
        notes.append(MOVED)
    return places


def _place(cell: NotebookNode, mine: list[Piece], notes: list[str]) -> NotebookNode:
    """The release cell, with the learner's source where the cell is the learner's to write."""
    grade_id = cell.metadata.nbgrader.grade_id
    placed = node(cell)
    if not mine:
        notes.append(RESTORED_MISSING.format(id=grade_id))
        return placed
    if any(piece.changed for piece in mine):
        notes.append(RESTORED_METADATA.format(id=grade_id))
    if is_locked(cell):
        other = [piece for piece in mine if piece.source.strip() != cell.source.strip() or piece.kind != "code"]
        if other:
            earlier = all(piece.as_released for piece in other)
            notes.append(EARLIER if earlier else RESTORED_CHANGED.format(id=grade_id))
        return placed
    if mine[-1].kind != "code":
        notes.append(RETYPED.format(id=grade_id))
    placed.source = mine[-1].source
    return placed


def _own(piece: Piece) -> NotebookNode:
    """Return a cell of the learner's own, without outputs, metadata or id. The id comes last, for all cells at once."""
    code: dict[str, Any] = {"execution_count": None, "outputs": []} if piece.kind == "code" else {}
    return node({"cell_type": piece.kind, "metadata": {}, "source": piece.source, **code})


def _number_learners_cells(notebook: NotebookNode) -> None:
    """Give the learner's cells new ids by position, so that the same submission always gives the same text."""
    for number, cell in enumerate(notebook.cells):
        if "nbgrader" not in cell.metadata:
            cell.id = f"own-{number}"
