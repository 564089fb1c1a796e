"""Repair a submitted notebook: return the release notebook with the learner's own cells in their places.

Notebooks come back with cells deleted, doubled, moved, retyped, or stripped of their metadata. That must not cost the
learner points that the code deserves, nor stop the class. Each repair leaves a note.
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
    "The notebook comes from an earlier release of this assignment; "
    "where the course's cells have changed since then, the current ones were put in."
)
DOUBLED = "The cell “{id}” occurred {count} times; all were run, and the last one counts as yours."
DOUBLED_LOCKED = "The locked cell “{id}” occurred {count} times; the course's own replaced them."
RESTORED_METADATA = "The nbgrader metadata of the cell “{id}” had been changed; the course's own was put back."
FOREIGN = "The cell “{id}” is marked as the course's, but this assignment has no such cell; it was read as yours."
RETYPED = "The cell “{id}” was no longer a code cell; it was read as code."
FOUND = "The cell “{id}” had lost its metadata; it was recognised by the function {name} that it defines."
FOUND_LOCKED = "The locked cell “{id}” had lost its metadata; it was recognised by its text."
MOVED = "The course's cells were out of order; they were put back in order, and your own cells follow them."
KINDS = ("code", "markdown", "raw")
# The metadata that nbgrader reads. A checksum is not compared: it may change when another program saves the cell.
TELLING = ("grade", "solution", "locked", "task", "points")
MAX_NOTED_ID = 60


@dataclass
class SubmittedCell:
    """One submitted cell. `known` is the grade_id of the release cell that it stands for, if any.

    `changed` means that its metadata differ from the release. `as_released` means that its text comes from a release.
    """

    kind: str
    source: str
    id: str
    known: str | None
    changed: bool = False
    as_released: bool = False

    @cached_property
    def defined(self) -> set[str]:
        """Return the names of the functions that the cell defines at its top level."""
        return set(names_defined(self.source))


@dataclass
class Places:
    """The place of each submitted cell: instead of a release cell, or behind the one that it followed."""

    in_place: dict[str, list[SubmittedCell]] = field(default_factory=dict)
    behind: dict[str | None, list[SubmittedCell]] = field(default_factory=dict)


def is_repair(notes: Sequence[str]) -> bool:
    """Return whether notes of `repair` report a change by the learner: an earlier release alone is none."""
    return any(note != EARLIER for note in notes)


def repair(submitted: Mapping[str, Any], release: NotebookNode) -> tuple[NotebookNode, tuple[str, ...]]:
    """Return the repaired notebook, and a note on each repair."""
    known = {nbgrader_metadata(cell)["grade_id"]: cell for cell in release.cells if nbgrader_metadata(cell)}
    notes: list[str] = []
    submitted_cells = [_submitted_cell(cell, known, notes) for cell in submitted["cells"] if isinstance(cell, Mapping)]
    _recognise(submitted_cells, known, notes)
    places = _sort(submitted_cells, known, notes)
    cells = [_learners_cell(cell) for cell in places.behind.get(None, [])]
    for grade_id, release_cell in known.items():
        versions = places.in_place.get(grade_id, [])
        cells += [_learners_cell(cell) for cell in versions[:-1] if not is_locked(release_cell)]
        cells.append(_place(release_cell, versions, notes))
        cells += [_learners_cell(cell) for cell in places.behind.get(grade_id, [])]
    if EARLIER in notes:
        # The earlier release may have lacked some of the cells that only show something.
        gone = {RESTORED_MISSING.format(id=name) for name, cell in known.items() if _only_shows(cell)}
        notes = [note for note in notes if note not in gone]
    repaired = node({"metadata": release.metadata, "nbformat": 4, "nbformat_minor": 5})
    # Added without node(), which would copy them again.
    repaired["cells"] = cells
    _number_learners_cells(repaired)
    return repaired, shortened(tuple(dict.fromkeys(notes)))


def _submitted_cell(cell: Mapping[str, Any], known: Mapping[str, Any], notes: list[str]) -> SubmittedCell:
    kind = cell.get("cell_type")
    kind = kind if isinstance(kind, str) and kind in KINDS else "raw"
    metadata = nbgrader_metadata(cell)
    grade_id = metadata.get("grade_id")
    submitted = SubmittedCell(kind, source_of(cell), cell["id"] if isinstance(cell.get("id"), str) else "", None)
    if isinstance(grade_id, str) and grade_id in known:
        released = nbgrader_metadata(known[grade_id])
        submitted.known = grade_id
        submitted.as_released = _is_as_released(metadata, submitted)
        submitted.changed = any(metadata.get(key) != released.get(key) for key in TELLING)
    elif metadata:
        notes.append(FOREIGN.format(id=one_line(grade_id[:MAX_NOTED_ID]) if isinstance(grade_id, str) else "?"))
    return submitted


def _only_shows(cell: NotebookNode) -> bool:
    """Return whether a release cell is locked and is not a check."""
    return is_locked(cell) and not nbgrader_metadata(cell).get("grade")


def _is_as_released(metadata: Mapping[str, Any], cell: SubmittedCell) -> bool:
    """Return whether a cell's text matches the checksum that nbgrader made for it, in this release or another.

    A forged checksum only changes the note; it wins no points. nbgrader's own function is not used, because importing
    nbgrader takes most of a second in each judge.
    """
    graded = bool(metadata.get("grade"))
    parts = [cell.source, cell.kind, graded, bool(metadata.get("solution")), bool(metadata.get("locked"))]
    parts.append(metadata.get("grade_id"))
    points = metadata.get("points")
    if graded and isinstance(points, int | float):
        parts.append(float(points))
    text = "".join(map(str, parts)).encode("utf-8", "replace")
    return metadata.get("checksum") == hashlib.md5(text, usedforsecurity=False).hexdigest()


def _recognise(cells: list[SubmittedCell], known: Mapping[str, NotebookNode], notes: list[str]) -> None:
    """Recognise cells that lost their metadata: solutions by the functions they define, locked cells by their text."""
    for grade_id, release_cell in known.items():
        if is_locked(release_cell) or any(cell.known == grade_id for cell in cells):
            continue
        wanted = set(names_defined(release_cell.source))
        candidates = [cell for cell in cells if _is_free(cell, known) and wanted & cell.defined]
        if candidates:
            candidates[-1].known = grade_id
            notes.append(FOUND.format(id=grade_id, name=min(wanted)))
    locked = {(cell.get("id"), cell.source): grade_id for grade_id, cell in known.items() if is_locked(cell)}
    for cell in cells:
        lost = locked.get((cell.id, cell.source))
        if cell.known is None and lost is not None:
            cell.known = lost
            notes.append(FOUND_LOCKED.format(id=lost))


def _is_free(cell: SubmittedCell, known: Mapping[str, NotebookNode]) -> bool:
    """Return whether a cell may be a lost solution: code without metadata, or with the metadata of a locked cell."""
    if cell.known is None:
        return cell.kind == "code"
    release_cell = known[cell.known]
    return is_locked(release_cell) and cell.source.strip() != release_cell.source.strip()


def _sort(cells: list[SubmittedCell], known: Mapping[str, NotebookNode], notes: list[str]) -> Places:
    """Return the place of each cell. Add a note on cells that occurred twice or were out of order."""
    places = Places()
    last: str | None = None
    order = list(known)
    moved = False
    for cell in cells:
        if cell.known is None:
            places.behind.setdefault(last, []).append(cell)
            continue
        if last is not None and cell.known not in places.in_place and order.index(cell.known) < order.index(last):
            moved = True
        places.in_place.setdefault(cell.known, []).append(cell)
        last = cell.known
    for grade_id, versions in places.in_place.items():
        if len(versions) > 1:
            template = DOUBLED_LOCKED if is_locked(known[grade_id]) else DOUBLED
            notes.append(template.format(id=grade_id, count=len(versions)))
    if moved:
        notes.append(MOVED)
    return places


def _place(release_cell: NotebookNode, versions: list[SubmittedCell], notes: list[str]) -> NotebookNode:
    """Return the release cell, with the learner's last version of its source where the learner may write it."""
    grade_id = release_cell.metadata.nbgrader.grade_id
    placed = node(release_cell)
    if not versions:
        notes.append(RESTORED_MISSING.format(id=grade_id))
        return placed
    if any(cell.changed for cell in versions):
        notes.append(RESTORED_METADATA.format(id=grade_id))
    if is_locked(release_cell):
        source = release_cell.source.strip()
        different = [cell for cell in versions if cell.source.strip() != source or cell.kind != "code"]
        if different:
            earlier = all(cell.as_released for cell in different)
            notes.append(EARLIER if earlier else RESTORED_CHANGED.format(id=grade_id))
        return placed
    if versions[-1].kind != "code":
        notes.append(RETYPED.format(id=grade_id))
    placed.source = versions[-1].source
    return placed


def _learners_cell(cell: SubmittedCell) -> NotebookNode:
    """Return a cell of the learner's own without outputs and metadata. `_number_learners_cells` gives it an id."""
    code: dict[str, Any] = {"execution_count": None, "outputs": []} if cell.kind == "code" else {}
    return node({"cell_type": cell.kind, "metadata": {}, "source": cell.source, **code})


def _number_learners_cells(notebook: NotebookNode) -> None:
    """Give the learner's cells new ids by position, so that the same submission always gives the same text."""
    for number, cell in enumerate(notebook.cells):
        if "nbgrader" not in cell.metadata:
            cell.id = f"own-{number}"
