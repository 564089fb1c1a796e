# The pictures of the visible checks. solutions/share.py puts this file into every lesson, in front of visible_check.py.
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from matplotlib.patches import Polygon, Rectangle

axis_names = {2: ("row", "column"), 3: ("image", "row", "column"), 4: ("image", "channel", "row", "column")}
looks_at = "This output looks at {}."
key = "Thick frame: the output, and the window that it looks at. Hatched: padding. Black corner: a wrong value."


def made_of(where, input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """Return the columns of matrices that the output at `where` is computed from, the padded input first."""
    rows = [where[-2] * stride + step * dilation for step in range(kernel.shape[-2])]
    columns = [where[-1] * stride + step * dilation for step in range(kernel.shape[-1])]
    window = {"rows": rows, "columns": columns, "padding": (padding, padding)}
    single = input.dim() == 2
    image, filter = (0, 0) if single else where[:2]
    inputs, kernels = (input[None], kernel[None]) if single else (input[image], kernel[filter])
    first = 0 if single else filter * input.shape[1] // len(kernels) // len(kernel) * len(kernels)
    padded, channels = F.pad(inputs, [padding] * 4), range(min(4, len(kernels)))
    names = [
        ("input", "kernel") if single else (f"input[{image}, {first + c}]", f"kernel[{filter}, {c}]") for c in channels
    ]
    added = torch.as_tensor(0.0 if bias is None else bias).flatten()[filter:][:1]
    return [
        [{"title": names[c][0], "values": padded[first + c], **window} for c in channels],
        [{"title": "∗ " + names[c][1], "values": kernels[c]} for c in channels],
        [{"title": "+ bias", "values": added[None]}] if added.any() else [],
    ]


def draw_matrix(axes, title, values, rows=(), columns=(), padding=(0, 0), wrong=None):
    """Draw a matrix. Thick frames mark the window, hatching the padding, black corners wrong values."""
    height, width = values.shape
    for row, column in ((row, column) for row in range(height) for column in range(width)):
        inside = padding[0] <= row < height - padding[0] and padding[1] <= column < width - padding[1]
        seen, bad = row in rows and column in columns, wrong is not None and bool(wrong[row, column])
        face = "#ffd6d6" if bad else "#ffe8cc" if seen else "white"
        axes.add_patch(Rectangle((column, row), 1, 1, fc=face, ec="0.6", hatch="" if inside else "///"))
        if bad:
            axes.add_patch(Polygon([(column + 0.65, row), (column + 1, row), (column + 1, row + 0.35)], fc="black"))
        weight, number = "bold" if bad else "normal", f"{values[row, column]:.4g}"
        size = 9 if len(number) < 5 else 7 if len(number) < 6 else 6
        axes.text(column + 0.5, row + 0.55, number, color="black", size=size, ha="center", va="center", weight=weight)
    frames = [(columns[0], rows[0], len(columns), len(rows))] if len(rows) and len(columns) else []
    if any(each[-1] - each[0] >= len(each) for each in (rows, columns) if len(each)):
        frames = [(column, row, 1, 1) for row in rows for column in columns]
    for left, top, across, down in frames:
        axes.add_patch(Rectangle((left, top), across, down, fill=False, ec="#b34700", lw=2.5, zorder=3))
    axes.set(aspect="equal", anchor="NW")
    axes.set_title(title, color="black", loc="left", size=10)


def draw(columns):
    """Draw columns of matrices side by side, with cells of one size."""
    columns = [column for column in columns if column]
    across = [max(max(each["values"].shape[1], len(each["title"]) / 4 + 0.5) for each in column) for column in columns]
    down, tallest = max(map(len, columns)), max(each["values"].shape[0] for column in columns for each in column)
    size = (0.38 * sum(across) + 0.2, down * (0.38 * tallest + 0.4))
    panels = plt.subplots(
        down, len(columns), squeeze=False, figsize=size, width_ratios=across, layout="constrained", facecolor="white"
    )[1]
    for panel in panels.flat:
        panel.axis("off")
    for index, column in enumerate(columns):
        for panel, each in zip(panels[:, index], column, strict=False):
            draw_matrix(panel, **each)
            panel.set(xlim=(-0.1, across[index] + 0.1), ylim=(tallest + 0.1, -0.1))
    plt.show()


def in_words(name, numbers):
    """Return "row 2", "rows 0–2" or "rows 0, 2, 4"."""
    if len(numbers) == 1:
        return f"{name} {numbers[0]}"
    run = numbers[-1] - numbers[0] == len(numbers) - 1
    return f"{name}s " + (f"{numbers[0]}–{numbers[-1]}" if run else ", ".join(map(str, numbers)))


def looks(where, window):
    """Return in words what the output at `where` looks at."""
    places = zip(axis_names[len(where)][-2:], (window["rows"], window["columns"]), strict=True)
    place = " and ".join(in_words(*each) for each in places)
    return looks_at.format(f"{place} of the {'padded ' if any(window.get('padding', ())) else ''}input")


def in_full(arguments, options):
    """Return the arguments of a call in words."""
    shown = [f"a tensor {tuple(each.shape)}" if isinstance(each, torch.Tensor) else repr(each) for each in arguments]
    shown += [f"{name}={each.tolist() if isinstance(each, torch.Tensor) else each!r}" for name, each in options.items()]
    return f"The call: {', '.join(shown)}."


def show(where, expected, came, arguments, options):
    """Show what the output at `where` looks at, beside the expected and the actual result; None is for no output."""
    plane = tuple(where[:-2]) if where else (0,) * (expected.dim() - 2)
    columns, index, framed = made_of(where or [0] * expected.dim(), *arguments, **options), "", {}
    if plane:
        index = str(list(plane))
    if where:
        first = ", ".join(f"{name} {number}" for name, number in zip(axis_names[expected.dim()], where, strict=True))
        print(f"The first difference is at {first}.", looks(where, columns[0][0]))
        framed = {"rows": where[-2:-1] or [0], "columns": where[-1:]}
    else:
        columns = [[{**each, "rows": (), "columns": ()} for each in column] for column in columns]
    print(in_full(arguments, options))
    columns.append([{"title": "= expected" + index, "values": torch.atleast_2d(expected[plane]), **framed}])
    if isinstance(came, torch.Tensor) and came.dim() == expected.dim() and came.numel() in range(1, 400):
        values, right = torch.atleast_2d(came[plane]), torch.atleast_2d(expected[plane])
        wrong = ~torch.isclose(values.double(), right.double(), rtol=1e-4, atol=1e-4) if where else None
        columns.append([{"title": "≠ got" + index, "values": values, "wrong": wrong, **framed}])
    draw(columns)
    print(key + "\n" if where else "Hatched: padding.\n" if any(columns[0][0].get("padding", ())) else "")
