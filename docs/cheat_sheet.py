"""Draw the cheat sheet: shapes, formulas and six pictures on one A4 page, as docs/cheat-sheet.pdf and .png.

Run `python docs/cheat_sheet.py` after a change. Every formula is a Python expression; a test compares it with PyTorch.
"""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

HERE = Path(__file__).resolve().parent
A4 = (8.27, 11.69)  # inches
INK, QUIET, LINE = "#222222", "#666666", "#999999"
PAPER, AMBER, TEAL, RED = "#f3f3f3", "#ffdd88", "#8fd0c6", "#c8303f"

SUM = (
    "One group: output[n, f, i, j] = bias[f] + Σ over c, u, v of\n"
    "    kernel[f, c, u, v] · input[n, c, i·stride - padding + u·dilation, j·stride - padding + v·dilation]"
)
# One axis: what is computed -> from size, kernel, stride, padding and dilation.
SIZES = {
    "output size": "(size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1",
    "… without dilation": "(size + 2 * padding - kernel) // stride + 1",
    "reach of a dilated kernel": "dilation * (kernel - 1) + 1",
    "padding that keeps the size": "dilation * (kernel - 1) // 2",
    "transposed: output size": "(size - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1",
    "… stride 1, no padding": "size + kernel - 1",
}
COUNTS = {
    "layer, with bias": "F * (C // groups) * KH * KW + F",
    "separable, no bias": "C * KH * KW + F * C",
    "dense layer instead": "OH * OW * H * W",
}
SHAPES = {
    "input": "(N, C, H, W)",
    "kernel": "(F, C // groups, KH, KW)",
    "bias": "(F,)",
    "output": "(N, F, OH, OW)",
    "windows, unfolded": "(N, C * KH * KW, OH * OW)",
    "kernel matrix": "(OH * OW, H * W)",
    "dense weights": "(OH, OW, H, W)",
    "deformable offsets": "(N, 2 * KH * KW, OH, OW)",
}
NOTES = (
    "// rounds down: rows and columns that the stride cannot reach are left out.",
    "The padding that keeps the size is for stride 1 and an odd kernel.",
    "The kernel is not turned: deep learning's convolution is a cross-correlation.",
    "Pooling: the same sizes. Its stride is the pool size unless you give one.",
    "Maximum pooling pads with -inf; average pooling pads with 0 and counts it.",
    "Channel c of group g meets only the filters of group g. Depthwise: groups = C.",
    "Transposed: every input number stamps number · kernel; overlaps add up.",
    "Gradients: input by transposed convolution, bias by grad_output.sum((0, 2, 3)).",
)


def cells(axes: Axes, left: float, top: float, rows: int, columns: int, colour: str = PAPER) -> None:
    """Draw a matrix of empty cells."""
    for row in range(rows):
        for column in range(columns):
            axes.add_patch(Rectangle((left + column, top + row), 1, 1, facecolor=colour, edgecolor=LINE, linewidth=0.7))


def frame(axes: Axes, left: float, top: float, rows: int, columns: int, dashed: bool = False) -> None:
    """Draw a frame around some cells: solid for a window, dashed for the next one."""
    style = {"edgecolor": RED, "linestyle": "--", "linewidth": 1.2} if dashed else {"edgecolor": INK, "linewidth": 1.8}
    axes.add_patch(Rectangle((left, top), columns, rows, fill=False, zorder=3, **style))


def arrow(axes: Axes, left: float, top: float) -> None:
    """Draw an arrow from input to output."""
    axes.annotate("", (left + 1.1, top), (left, top), arrowprops={"arrowstyle": "->", "color": QUIET})


def slide(axes: Axes) -> None:
    """Show two neighbouring windows and their outputs."""
    cells(axes, 0, 0, 4, 5)
    cells(axes, 0, 0, 2, 3, AMBER)
    frame(axes, 0, 0, 2, 3)
    frame(axes, 1, 0, 2, 3, dashed=True)
    arrow(axes, 5.4, 2)
    cells(axes, 7, 0.5, 3, 3)
    cells(axes, 7, 0.5, 1, 1, AMBER)
    frame(axes, 7, 0.5, 1, 1)
    frame(axes, 8, 0.5, 1, 1, dashed=True)


def stride(axes: Axes) -> None:
    """Show windows two columns apart, and a column that is left over."""
    cells(axes, 0, 0, 4, 6)
    cells(axes, 0, 0, 3, 3, AMBER)
    frame(axes, 0, 0, 3, 3)
    frame(axes, 2, 0, 3, 3, dashed=True)
    arrow(axes, 6.4, 2)
    cells(axes, 8, 1.5, 1, 2)
    cells(axes, 8, 1.5, 1, 1, AMBER)
    frame(axes, 8, 1.5, 1, 1)
    frame(axes, 9, 1.5, 1, 1, dashed=True)


def padding(axes: Axes) -> None:
    """Show a window that hangs over the edge, into the zeros."""
    cells(axes, 0, 0, 5, 5, "white")
    for row in range(5):
        for column in range(5):
            if row in (0, 4) or column in (0, 4):
                axes.text(column + 0.5, row + 0.5, "0", color=QUIET, ha="center", va="center", fontsize=6.5, zorder=4)
    cells(axes, 1, 1, 3, 3)
    axes.add_patch(Rectangle((0, 0), 3, 3, facecolor=AMBER, alpha=0.6, zorder=2))
    frame(axes, 0, 0, 3, 3)
    arrow(axes, 5.4, 2.5)
    cells(axes, 7, 1, 3, 3)
    cells(axes, 7, 1, 1, 1, AMBER)
    frame(axes, 7, 1, 1, 1)


def dilation(axes: Axes) -> None:
    """Show a kernel of 3 × 3 that is spread over 5 × 5."""
    cells(axes, 0, 0, 5, 6)
    for row in (0, 2, 4):
        for column in (0, 2, 4):
            cells(axes, column, row, 1, 1, AMBER)
    frame(axes, 0, 0, 5, 5)
    arrow(axes, 6.4, 2.5)
    cells(axes, 8, 2, 1, 2)
    cells(axes, 8, 2, 1, 1, AMBER)
    frame(axes, 8, 2, 1, 1)


def groups(axes: Axes) -> None:
    """Show four channels in two groups, and which outputs they reach."""
    for channel in range(4):
        colour = AMBER if channel < 2 else TEAL
        for left in (0.5, 8):
            axes.add_patch(Rectangle((left, channel * 1.25), 1.7, 0.9, facecolor=colour, edgecolor=LINE, linewidth=0.7))
        for output in range(2 * (channel // 2), 2 * (channel // 2) + 2):
            ends = [channel * 1.25 + 0.45, output * 1.25 + 0.45]
            axes.plot((2.3, 7.9), ends, color=QUIET, linewidth=0.9)


def transposed(axes: Axes) -> None:
    """Show what one number stamps on the output."""
    cells(axes, 0, 1.5, 2, 2)
    cells(axes, 1, 1.5, 1, 1, AMBER)
    frame(axes, 1, 1.5, 1, 1)
    frame(axes, 0, 1.5, 1, 1, dashed=True)
    arrow(axes, 2.6, 2.5)
    cells(axes, 4.4, 0.5, 4, 4)
    cells(axes, 5.4, 0.5, 3, 3, AMBER)
    frame(axes, 5.4, 0.5, 3, 3)
    frame(axes, 4.4, 0.5, 3, 3, dashed=True)


PICTURES: dict[str, Callable[[Axes], None]] = {
    "slide: window · kernel, summed": slide,
    "stride 2: the window skips": stride,
    "padding 1: zeros all round": padding,
    "dilation 2: gaps in the kernel": dilation,
    "groups 2: two layers side by side": groups,
    "transposed: every number stamps": transposed,
}


def heading(figure: Figure, left: float, top: float, text: str) -> None:
    """Write the heading of a part."""
    figure.text(left, top, text, fontsize=11.5, fontweight="bold", color=RED, va="top")


def table(figure: Figure, left: float, gap: float, top: float, rows: dict[str, str]) -> float:
    """Write names and formulas, and return where the next line goes."""
    for name, formula in rows.items():
        figure.text(left, top, name, fontsize=8.3, color=QUIET, va="top")
        figure.text(left + gap, top, formula, fontsize=8.3, color=INK, family="monospace", va="top")
        top -= 0.0168
    return top


def pad_order(axes: Axes) -> None:
    """Show which number of F.pad's goes where."""
    cells(axes, 0, 0, 5, 6, "white")
    cells(axes, 1, 1, 2, 3)
    frame(axes, 1, 1, 2, 3)
    places = {"left 1": (-0.2, 2, "right"), "right 2": (6.2, 2, "left"), "top 1": (2.5, -0.3, "center")}
    for text, (x, y, side) in {**places, "bottom 2": (2.5, 5.9, "center")}.items():
        axes.text(x, y, text, ha=side, va="bottom" if text == "top 1" else "center", fontsize=7.5, color=INK)
    axes.set(xlim=(-3, 9.2), ylim=(6.4, -1.4), aspect="equal")
    axes.axis("off")


def draw() -> Figure:
    """Draw the page."""
    figure = plt.figure(figsize=A4, facecolor="white")
    figure.text(0.06, 0.965, "2-D convolution on one page", fontsize=19, fontweight="bold", color=INK, va="top")
    figure.text(0.06, 0.932, SUM, fontsize=8.3, family="monospace", color=INK, va="top", linespacing=1.5)
    for number, (title, picture) in enumerate(PICTURES.items()):
        row, column = divmod(number, 3)
        axes = figure.add_axes((0.06 + 0.305 * column, 0.752 - 0.148 * row, 0.27, 0.105))
        picture(axes)
        axes.set(xlim=(-0.2, 10.4), ylim=(5.2, -0.2), aspect="equal")
        axes.axis("off")
        axes.set_title(title, fontsize=8.8, color=INK, loc="left", pad=3)
    heading(figure, 0.06, 0.585, "Sizes, one axis at a time")
    after = table(figure, 0.06, 0.25, 0.562, SIZES)
    heading(figure, 0.06, after - 0.014, "Shapes")
    table(figure, 0.06, 0.17, after - 0.037, SHAPES)
    heading(figure, 0.54, after - 0.014, "Numbers to learn")
    low = table(figure, 0.54, 0.15, after - 0.037, COUNTS)
    heading(figure, 0.54, low - 0.014, "F.pad: the last axis comes first")
    figure.text(0.54, low - 0.037, "F.pad(x, (left, right, top, bottom))", fontsize=8.3, family="monospace", va="top")
    pad_order(figure.add_axes((0.56, low - 0.142, 0.3, 0.09)))
    low = low - 0.155
    heading(figure, 0.06, low, "Remember")
    for number, note in enumerate(NOTES):
        figure.text(0.06, low - 0.025 - 0.0188 * number, f"•  {note}", fontsize=8.8, color=INK, va="top")
    return figure


def save(figure: Figure, folder: Path) -> None:
    """Write the page into a folder, as PDF to print and as PNG to look at."""
    figure.savefig(folder / "cheat-sheet.pdf", metadata={"CreationDate": None})
    figure.savefig(folder / "cheat-sheet.png", dpi=150)


if __name__ == "__main__":
    plt.switch_backend("agg")
    save(draw(), HERE)
