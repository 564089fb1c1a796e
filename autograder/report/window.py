"""The part of a call's arguments that one output is computed from."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

# What the output is, or how the kernel lies on the window: window_kinds.py has a row for each.
Kind = Literal["plain", "turned", "row", "column", "line", "weight", "gradient", "spread", "bias", "bent"]


class Planes(BaseModel):
    """Matrices of one argument: its name, the leading indices of each matrix, and the rows and columns that count."""

    model_config = ConfigDict(frozen=True)

    name: str
    indices: tuple[tuple[int, ...], ...]
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()

    @property
    def cells(self) -> frozenset[tuple[int, int]]:
        """Return the (row, column) of each number that counts; the empty set where all numbers count."""
        return frozenset((row, column) for row in self.rows for column in self.columns)


class Window(BaseModel):
    """What one output looks at: `height` rows of the padded input from `top` on, `step` apart; likewise for columns.

    `padding` is the number of rows and columns that the padding adds on each side. `image`, `channels` and `filter`
    are indices into a batch; they are None for a single image. Of kind "bent", the kernel's numbers meet the input at
    `places`, (row, column) without padding, in order; the window is the pixels around these places.

    `on` names the matrices under the window where they are not the input's. `by` names those that lie on the window
    where they are not the kernel's.
    """

    model_config = ConfigDict(frozen=True)

    top: int
    left: int
    height: int
    width: int
    step: int = 1
    padding: tuple[int, int] = (0, 0)
    image: int | None = None
    channels: tuple[int, ...] | None = None
    filter: int | None = None
    kind: Kind = "plain"
    on: Planes | None = None
    by: Planes | None = None
    places: tuple[tuple[float, float], ...] | None = None

    @property
    def rows(self) -> tuple[int, ...]:
        """Return the rows of the padded input that the window takes in."""
        return tuple(self.top + index * self.step for index in range(self.height))

    @property
    def columns(self) -> tuple[int, ...]:
        """Return the columns of the padded input that the window takes in."""
        return tuple(self.left + index * self.step for index in range(self.width))
