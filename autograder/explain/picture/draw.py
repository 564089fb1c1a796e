"""Draw a counterexample: the input with the window marked, the kernel, the expected result beside the returned one.

No mark relies on colour alone: the window has a thick frame, padding is hatched, a wrong value has a black corner.
The same counterexample gives the same bytes on every machine.
"""

import base64
import logging
from collections.abc import Sequence

import torch

from autograder.explain.counterexample import expected_of, plain, wrong_values
from autograder.explain.disclosure import Shown
from autograder.explain.disclosure import shown as all_of
from autograder.explain.picture import panels
from autograder.explain.picture.operands import bias, operands
from autograder.explain.picture.panels import Column, Drawing, Grid, Note
from autograder.explain.picture.planes import grid, planes, text
from autograder.report import explanation_messages as messages
from autograder.report.report import Counterexample, Picture, Trace
from autograder.report.window import Window
from autograder.report.window_kinds import KINDS, kind_of
from autograder.report.wording import MOST_COLUMNS, where
from autograder.sandbox.answers import NoAnswer, Raised, Wrong
from autograder.suite.compare import shape_of, what_is

logger = logging.getLogger(__name__)

WIDEST_MATRIX = 26


def draw(
    wrong: Wrong, example: Counterexample, shown: Shown | None = None, trace: Trace | None = None
) -> Picture | None:
    """Return the picture of a wrong answer; None where there was no answer, or there is nothing to draw.

    `shown` limits what is shown of the answer; without it, all of the answer is shown. `trace` tells what the
    learner's function reads.
    """
    shown = shown or all_of(wrong)
    expected = expected_of(wrong)
    undrawn = wrong.case is None or wrong.case.window is None
    if isinstance(wrong, NoAnswer) or undrawn or not isinstance(expected, torch.Tensor):
        return None
    try:
        columns = _columns(wrong, expected, example, shown, trace)
        png, width = panels.png(Drawing(columns, _caption(columns, example, trace)))
        alt = " ".join([_alt(wrong, expected, example, shown), *([trace.text] if trace else [])])
        return Picture(alt=alt, png=base64.b64encode(png).decode("ascii"), width=width)
    except Exception:
        # A report without a picture is still a report.
        logger.exception("a counterexample could not be drawn")
        return None


def _columns(
    wrong: Wrong, expected: torch.Tensor, example: Counterexample, shown: Shown, trace: Trace | None = None
) -> list[Column]:
    case = wrong.case
    # Where no single output is to blame, draw the call as the first output sees it, without marking a window.
    window = example.window or case.window(case.arguments, (0,) * expected.dim())
    marked = example.window is not None
    terms = operands(case.arguments, window, marked, trace)
    if wrong.expected is None and wrong.got is None and not isinstance(wrong, Raised):
        # The result was not compared: the call itself did what it must not do.
        return [*terms, Column([Note(messages.GOT, shown.message)], "→")]
    right, got = _outputs(wrong, expected, example, window, shown)
    if kind_of(window).stacked:
        return [Column([panel for column in terms for panel in column.panels]), Column([right, got], "→")]
    terms += bias(case.arguments, window)
    return [
        *terms,
        Column([right], "=" if len(terms) > 1 else "→"),
        Column([got], "≠" if isinstance(got, Grid) else ""),
    ]


def _outputs(
    wrong: Wrong, expected: torch.Tensor, example: Counterexample, window: Window, shown: Shown
) -> list[Grid | Note]:
    """Return the expected result and the returned one: a matrix, or words where it is not a matrix."""
    position = example.position
    heat = kind_of(window).heat
    most = WIDEST_MATRIX if heat else MOST_COLUMNS
    index, at = _plane_of(position or (0,) * expected.dim(), window)
    ((title, plane),) = planes(messages.EXPECTED, expected, index[0], index[1:])
    framed = at if position else None
    got, values = shown.got, wrong_values(wrong)
    shaped = values is None and isinstance(got, torch.Tensor)
    right = grid(title + (_shape(expected) if shaped else ""), plane, at, most, framed=framed, heat=heat)
    if not isinstance(got, torch.Tensor) or (values is not None and not values.any()):
        return [right, Note(messages.GOT, shown.message.removeprefix(f"{wrong.case.function} "))]
    if got.dim() not in (2, 4, expected.dim()) or not got.numel() or got.is_complex():
        return [right, Note(messages.GOT, what_is(got))]
    ((title, plane),) = planes(messages.GOT, got, index[0], index[1:])
    bad: frozenset[tuple[int, int]] = frozenset()
    if values is not None:
        ((_, differ),) = planes("", values, index[0], index[1:])
        bad = frozenset((row, column) for row, column in differ.nonzero().tolist())
    title += _shape(got) if shaped else ""
    return [right, grid(title, plane, at, most, framed=framed, wrong=bad, heat=heat)]


def _plane_of(position: Sequence[int], window: Window) -> tuple[Sequence[int], tuple[int, int]]:
    """Return the plane of an output that a position lies in, and the row and column there."""
    if kind_of(window).is_line:
        return position[:2], (0, position[2])
    row, column = (0, *position)[-2:]
    return position[:-2] or (0, 0), (row, column)


def _shape(tensor: torch.Tensor) -> str:
    return f" {shape_of(tensor)}"


def _caption(columns: Sequence[Column], example: Counterexample, trace: Trace | None) -> list[str]:
    """Return the line beneath the picture, which explains the marks in it."""
    grids = [panel for column in columns for panel in column.panels if isinstance(panel, Grid)]
    kind = kind_of(example.window) if example.window else KINDS["plain"]
    keys = [kind.key] if any(grid.window for grid in grids) else []
    if trace and any(grid.read for grid in grids):
        keys += [messages.KEY_FACTOR if trace.factor else messages.KEY_READ]
    keys += [kind.key_hatched] if any(grid.hatched for grid in grids) else []
    keys += [messages.KEY_WRONG] if any(grid.wrong for grid in grids) else []
    return [" ".join(keys)] if keys else []


def _alt(wrong: Wrong, expected: torch.Tensor, example: Counterexample, shown: Shown) -> str:
    """Return the picture in words, for people who cannot see it."""
    sizes = {
        name: " × ".join(map(str, value.shape))
        for name, value in wrong.case.arguments.items()
        if isinstance(value, torch.Tensor) and value.dim() > 1
    }
    parts = [messages.ALT_CALL.format(sizes=", ".join(f"{name} {size}" for name, size in sizes.items()))]
    if example.window and example.window.places:
        places = "; ".join(f"({text(row)}, {text(column)})" for row, column in example.window.places)
        parts += [messages.ALT_PLACES.format(places=places)]
    if example.position and shown.got is not None:
        parts += [
            where(example),
            messages.ALT_VALUES.format(expected=plain(expected), got=example.got),
        ]
    else:
        parts += [shown.message]
    return " ".join(parts)
