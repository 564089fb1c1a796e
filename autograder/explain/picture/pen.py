"""Draw lines, shapes and letters as a PNG, with matplotlib but without pyplot and its state.

matplotlib is imported when the first picture is drawn: a run without failures does not pay for it.
"""

import io
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

DPI, POINTS, COLOURS, SIDES = 168, 72, 32, 36
# Of a dashed edge, the lengths that are drawn and left out, in points.
DASHES = (4, 2.5)
INK, LINES = "black", "0.6"


class Pen:
    """Draws with matplotlib's Agg renderer. Lengths are in inches from the top left corner, type sizes in points.

    A matplotlib figure with axes would take three times as long.
    """

    def __init__(self, width: float, height: float, scale: float) -> None:
        from matplotlib.backends.backend_agg import RendererAgg

        self._dpi = DPI * scale
        self._height = round(height * self._dpi)
        size = round(width * self._dpi), self._height
        self._agg: Any = RendererAgg(*size, self._dpi)  # type: ignore[no-untyped-call]  # matplotlib gives it no types

    def write(
        self, x: float, y: float, text: str, size: float, *, align: float = 0, color: str = INK, bold: bool = False
    ) -> None:
        """Write text with its middle at height y. It begins at x (align 0), is centred on x (0.5) or ends at x (1)."""
        if not text:
            return
        font = _font(size, bold)
        looks = self._agg.new_gc()
        looks.set_foreground(color)
        left = x * self._dpi - align * _width(text, size, bold, self._dpi) if align else x * self._dpi
        baseline = y + 0.36 * size / POINTS
        self._agg.draw_text(looks, left, baseline * self._dpi, text, font, 0)

    def shape(
        self,
        corners: Sequence[tuple[float, float]],
        face: str | None,
        edge: str = LINES,
        line: float = 0,
        *,
        dashed: bool = False,
    ) -> None:
        """Draw a polygon, filled or not, with an edge of `line` points, or none; two corners make a line."""
        from matplotlib.colors import to_rgba
        from matplotlib.path import Path
        from matplotlib.transforms import IdentityTransform

        looks = self._agg.new_gc()
        looks.set_linewidth(line)
        looks.set_foreground(edge)
        if dashed:
            looks.set_dashes(0, [length * self._dpi / POINTS for length in DASHES])
        looks.set_snap(len(corners) == 4)
        points = [(x * self._dpi, self._height - y * self._dpi) for x, y in corners]
        path = Path([*points, points[0]], closed=True) if len(points) > 2 else Path(points)
        self._agg.draw_path(looks, path, IdentityTransform(), to_rgba(face) if face else None)

    def png(self) -> bytes:
        """Return the drawing on white, in a palette of few colours, which takes a quarter of the bytes."""
        from PIL import Image

        drawn = Image.frombuffer("RGBA", (self._agg.width, self._agg.height), self._agg.buffer_rgba())
        page = Image.new("RGB", drawn.size, "white")
        page.paste(drawn, mask=drawn.getchannel("A"))
        written = io.BytesIO()
        page.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(written, "PNG")
        return written.getvalue()


# The same few numbers stand in many cells, and measuring one takes as long as drawing it.
@lru_cache(maxsize=4096)
def _width(text: str, size: float, bold: bool, dpi: float) -> float:
    """Return the width of a text in pixels."""
    from matplotlib.backends.backend_agg import RendererAgg

    blank: Any = RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]  # matplotlib gives it no types
    width, _, _ = blank.get_text_width_height_descent(text, _font(size, bold), False)
    return float(width)


@lru_cache(maxsize=32)
def _font(size: float, bold: bool) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")


def rectangle(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def circle(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    turns = (index * math.tau / SIDES for index in range(SIDES))
    return [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns]
