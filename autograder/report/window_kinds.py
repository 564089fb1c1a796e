"""The kinds of windows, one row each: how words and pictures show them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.report import explanation_messages as messages
from autograder.report.window import Kind, Window

# Names of a position, by the number of its indices.
POSITIONS = {2: messages.ROW_COLUMN, 4: messages.IMAGE_CHANNEL}


@dataclass(frozen=True)
class WindowKind:
    """How one kind of window is shown.

    `looks_at` says what the output is computed from; `positions` name the output, by the number of its indices.
    `place` and `place_padded` name the window's rows and columns. `key` and `key_hatched` explain the picture's marks.

    `is_line`: the numbers lie in one row. `turned`: the picture shows the kernel turned by 180°. `heat`: it shades the
    result by size and cuts it less. `stacked`: it puts the kernel beneath the input.
    """

    looks_at: str = messages.LOOKS_AT
    positions: Mapping[int, str] = field(default_factory=lambda: POSITIONS)
    place: str = messages.PLACE
    place_padded: str = messages.PLACE_PADDED
    looks_at_nothing: str = messages.NOT_LOOKED_AT
    key: str = messages.KEY_WINDOW
    key_hatched: str = messages.KEY_PADDING
    is_line: bool = False
    turned: bool = False
    heat: bool = False
    stacked: bool = False


KINDS: Mapping[Kind, WindowKind] = {
    # The kernel lies on the window as it is.
    "plain": WindowKind(),
    # The kernel lies on the window turned by 180°.
    "turned": WindowKind(turned=True),
    # The output is in a row of the kernel matrix, which is the kernel at one place.
    "row": WindowKind(looks_at=messages.LOOKS_AT_ROW, heat=True, stacked=True),
    # The output is in a column of unfold's result, which holds the window.
    "column": WindowKind(looks_at=messages.LOOKS_AT_COLUMN, positions={3: messages.IN_COLUMN}),
    # The input is a signal (N, C, L): the window is in row 0.
    "line": WindowKind(
        positions={3: messages.POSITION}, place=messages.ON_LINE, place_padded=messages.ON_LINE_PADDED, is_line=True
    ),
    # The output is one weight of a dense layer, (OH, OW, H, W); the kernel lies where the weights are not 0.
    "weight": WindowKind(looks_at=messages.LOOKS_AT_WEIGHT, positions={4: messages.OUTPUT_INPUT}, stacked=True),
    # The output is one number of the kernel's gradient; the window is all that this number of the kernel met.
    "gradient": WindowKind(
        looks_at=messages.LOOKS_AT_KERNEL, positions={4: messages.KERNEL_CHANNEL}, key=messages.KEY_GRADIENT
    ),
    # The output is one number of the input's gradient; the window is all outputs that this pixel contributed to.
    "spread": WindowKind(
        looks_at=messages.LOOKS_AT_OUTPUTS,
        place=messages.PLACE_OUTPUT,
        place_padded=messages.PLACE_OUTPUT,
        key=messages.KEY_GRADIENT,
        turned=True,
    ),
    # The output is one number of the bias's gradient; the window is all outputs of its channel.
    "bias": WindowKind(looks_at=messages.LOOKS_AT_ALL, positions={1: messages.BIAS_NUMBER}, key=messages.KEY_GRADIENT),
    # Each number of the kernel meets the input at a place of its own, between the pixels.
    "bent": WindowKind(
        looks_at=messages.LOOKS_BETWEEN,
        looks_at_nothing=messages.LOOKS_OUTSIDE,
        key=messages.KEY_PLACES,
        key_hatched=messages.KEY_OUTSIDE,
    ),
}


def kind_of(window: Window) -> WindowKind:
    """Return how this window is shown."""
    return KINDS[window.kind]
