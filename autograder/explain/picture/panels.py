"""Draw panels of numbers side by side as a PNG."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from autograder.explain.picture.pen import INK, LINES, Pen, circle, rectangle

Cell = tuple[int, int]

# Sizes are in inches; a page shows 96 pixels per inch.
PAGE_DPI = 96
CELL, DIGIT, LABEL, TITLE, GAP, CORNER, MARGIN, LINE = 0.34, 0.085, 0.2, 0.3, 0.42, 0.12, 0.1, 0.2
NARROWEST, WIDEST, NOTE_WIDTH, NOTE_LETTERS, LETTER, SMALL_LETTER = 4.6, 9.2, 2.3, 28, 0.075, 0.064
FONT, SMALL = 9.5, 7.5
FAINT, HATCHING, FRAME, READ = "0.4", "0.7", "#b34700", "#0050b3"
WHITE, WINDOW, PADDED, WRONG = "white", "#ffe8cc", "0.93", "#ffd6d6"
RING, DOT, INSET = 0.12, 0.035, 0.045
# Diagonals of a cell with sides of 1, between its corners and the middles of its edges.
HATCH = (((0, 0.5), (0.5, 0)), ((0, 1), (1, 0)), ((0.5, 1), (1, 0.5)))


@dataclass(frozen=True)
class Grid:
    """A matrix of short texts. `rows` and `columns` are its labels; a cell is a pair of them.

    `marks` are places, which may lie between cells: (0.5, 0) is between the rows 0 and 1. `read` are the cells that the
    learner's function reads.
    """

    title: str
    texts: dict[Cell, str]
    rows: Sequence[int]
    columns: Sequence[int]
    hatched: frozenset[Cell] = frozenset()
    window: frozenset[Cell] = frozenset()
    read: frozenset[Cell] = frozenset()
    wrong: frozenset[Cell] = frozenset()
    framed: Cell | None = None
    shades: dict[Cell, float] = field(default_factory=dict)
    marks: Sequence[tuple[float, float]] = ()

    @property
    def cell_width(self) -> float:
        longest = max((len(text) for text in self.texts.values()), default=1)
        # A dot beside a number needs room.
        return max(CELL, DIGIT * (longest + 2 * bool(self.marks)) + 0.08)

    @property
    def width(self) -> float:
        return max(LABEL + len(self.columns) * self.cell_width, len(self.title) * LETTER)

    @property
    def height(self) -> float:
        return TITLE + LABEL + len(self.rows) * CELL


@dataclass(frozen=True)
class Note:
    """A panel of words."""

    title: str
    text: str

    @property
    def lines(self) -> list[str]:
        return textwrap.wrap(self.text, NOTE_LETTERS, max_lines=9, placeholder=" …")

    @property
    def width(self) -> float:
        longest = max((len(line) for line in (self.title, *self.lines)), default=0)
        return min(NOTE_WIDTH, 0.1 + longest * SMALL_LETTER)

    @property
    def height(self) -> float:
        return TITLE + LABEL + len(self.lines) * LINE


Panel = Grid | Note


@dataclass(frozen=True)
class Column:
    """Panels one beneath the other, and the sign to the left of them."""

    panels: Sequence[Panel]
    sign: str = ""

    @property
    def width(self) -> float:
        return max(panel.width for panel in self.panels)

    @property
    def height(self) -> float:
        return sum(panel.height for panel in self.panels) + (len(self.panels) - 1) * LINE


@dataclass(frozen=True)
class Drawing:
    """Columns, left to right, above the lines of a caption."""

    columns: Sequence[Column]
    caption: Sequence[str]

    def __hash__(self) -> int:
        return hash(repr(self.columns))


# Learners who make the same mistake get the same picture.
@lru_cache(maxsize=128)
def png(drawing: Drawing) -> tuple[bytes, int]:
    """Return a PNG of the drawing, and its width in pixels of a page."""
    columns, caption = drawing.columns, drawing.caption
    natural = sum(column.width for column in columns) + GAP * (len(columns) - 1) + 2 * MARGIN
    scale = min(1.0, WIDEST / natural)
    width = max(natural, NARROWEST / scale)
    lines = [part for line in caption for part in textwrap.wrap(line, int((width - 2 * MARGIN) / SMALL_LETTER))]
    height = max(column.height for column in columns) + len(lines) * LINE + 3 * MARGIN
    pen = Pen(width, height, scale)
    left: float = MARGIN
    for column in columns:
        pen.write(left - GAP / 2, MARGIN + TITLE + LABEL + CELL / 2, column.sign, FONT + 3, align=0.5)
        top = MARGIN
        for panel in column.panels:
            _grid(pen, panel, left, top) if isinstance(panel, Grid) else _note(pen, panel, left, top)
            top += panel.height + LINE
        left += column.width + GAP
    for index, line in enumerate(lines):
        pen.write(MARGIN, height - MARGIN - (len(lines) - index - 0.5) * LINE, line, FONT - 1)
    return pen.png(), round(width * scale * PAGE_DPI)


def _grid(pen: Pen, grid: Grid, left: float, top: float) -> None:
    wide = grid.cell_width
    pen.write(left, top + TITLE / 2, grid.title, FONT, bold=True)
    x0, y0 = left + LABEL, top + TITLE + LABEL
    spots = {
        (row, column): (x0 + j * wide, y0 + i * CELL)
        for i, row in enumerate(grid.rows)
        for j, column in enumerate(grid.columns)
    }
    for j, column in enumerate(grid.columns):
        pen.write(x0 + (j + 0.5) * wide, y0 - LABEL / 2, str(column), SMALL, align=0.5, color=FAINT)
    for i, row in enumerate(grid.rows):
        pen.write(x0 - LABEL / 3, y0 + (i + 0.5) * CELL, str(row), SMALL, align=1, color=FAINT)
    for cell, (x, y) in spots.items():
        _cell(pen, grid, cell, x, y)
    if grid.framed in spots:
        pen.shape(rectangle(*spots[grid.framed], wide, CELL), None, FRAME, 2.2)
    for left, top, width, height in _around(grid.window, spots, wide):
        pen.shape(rectangle(left, top, width, height), None, FRAME, 2.2)
    for left, top, width, height in _around(grid.read, spots, wide):
        # Within the cells, so that it does not hide the frame of the window.
        inner = rectangle(left + INSET, top + INSET, width - 2 * INSET, height - 2 * INSET)
        pen.shape(inner, None, READ, 1.8, dashed=True)
    for down, right in grid.marks:
        if (round(down), round(right)) in spots:
            middle = x0 + (right - grid.columns[0] + 0.5) * wide, y0 + (down - grid.rows[0] + 0.5) * CELL
            # A ring goes around a number, a dot between numbers: neither hides a number.
            between = (down, right) != (round(down), round(right))
            pen.shape(circle(*middle, DOT if between else RING), INK if between else None, INK, 1.2)
    for x, y in (spots[cell] for cell in grid.wrong & spots.keys()):
        pen.shape([(x + wide, y), (x + wide, y + CORNER), (x + wide - CORNER, y)], INK)


def _cell(pen: Pen, grid: Grid, cell: Cell, x: float, y: float) -> None:
    wide = grid.cell_width
    pen.shape(rectangle(x, y, wide, CELL), _face(grid, cell), LINES, 0.8)
    if cell in grid.hatched:
        for start, end in HATCH:
            ends = [(x + wide * across, y + CELL * down) for across, down in (start, end)]
            pen.shape(ends, None, HATCHING, 0.6)
    dark = grid.shades.get(cell, 0) > 0.6 and cell not in grid.wrong
    color = WHITE if dark else FAINT if cell in grid.hatched else INK
    middle = x + wide / 2, y + CELL / 2
    pen.write(*middle, grid.texts.get(cell, ""), FONT, align=0.5, color=color, bold=cell in grid.wrong)


def _around(
    cells: frozenset[Cell], spots: dict[Cell, tuple[float, float]], wide: float
) -> Iterator[tuple[float, float, float, float]]:
    """Yield the frame around some cells, or one around each where they are apart: left, top, width and height."""
    seen = sorted(cells & spots.keys())
    if not seen:
        return
    (top, left), (bottom, right) = seen[0], seen[-1]
    area = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
    if area == set(seen):
        yield *spots[top, left], (right - left + 1) * wide, (bottom - top + 1) * CELL
    else:
        yield from ((*spots[cell], wide, CELL) for cell in seen)


def _face(grid: Grid, cell: Cell) -> str:
    if cell in grid.wrong:
        return WRONG
    if cell in grid.window:
        return WINDOW
    if cell in grid.shades:
        return f"{1 - 0.75 * grid.shades[cell]:.2f}"
    return PADDED if cell in grid.hatched else WHITE


def _note(pen: Pen, note: Note, left: float, top: float) -> None:
    pen.write(left, top + TITLE / 2, note.title, FONT, bold=True)
    for index, line in enumerate(note.lines):
        pen.write(left, top + TITLE + LABEL + (index + 0.5) * LINE, line, FONT - 1)
