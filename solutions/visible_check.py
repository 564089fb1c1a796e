# @title Visible checks: run this cell when your function is written
# The same in every lesson, down to the end of visible_check: solutions/share.py puts it there.
import inspect
import re
import traceback
from unittest import mock

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from matplotlib.patches import Polygon, Rectangle
from torch.utils._python_dispatch import TorchDispatchMode

forbids = ("convolution",)
families = {  # what a lesson may forbid: the names of PyTorch's operations, and the rule in words
    "convolution": ("conv(?!ert)|^_?i?stft", "library convolution (plain or transposed)"),
    "convolution_1d": ("conv(?!ert)|^_?i?stft", "1-D library convolution (plain or transposed)"),
    "unfold": ("im2col|col2im", "F.unfold", "F.fold"),
    "pooling": ("pool", "library pooling"),
    "grid_sample": ("grid_sampl|grid_generator|upsample_(bi|tri)(linear|cubic)", "F.grid_sample"),
    "autograd": ("^_make_dual", "automatic gradients (autograd, backward, torch.func)"),
}
matrix_products = ("mm", "bmm", "addmm", "mv", "dot", "baddbmm", "addmv", "addbmm", "vdot")
plain_tensors = True  # a result that requires grad is pointed out
failed_checks = []
tried = {}  # the title of each visible check that was tried: what it found wrong, or None
axis_names = {2: ("row", "column"), 3: ("image", "row", "column"), 4: ("image", "channel", "row", "column")}
looks_at = "This output looks at {}."
key = "Thick frame: the output, and the window that it looks at. Hatched: padding. Black corner: a wrong value."


def made_of(where, input, kernel, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """What the output at `where` is made of: columns of matrices, first of all the padded input with its window."""
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
    """Thick frames mark the window (rows and columns), hatching the padding, black corners the wrong values."""
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
    """Columns of matrices side by side, on white, with cells of one size."""
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
    """ "row 2", "rows 0–2" or "rows 0, 2, 4"."""
    if len(numbers) == 1:
        return f"{name} {numbers[0]}"
    run = numbers[-1] - numbers[0] == len(numbers) - 1
    return f"{name}s " + (f"{numbers[0]}–{numbers[-1]}" if run else ", ".join(map(str, numbers)))


def looks(where, window):
    """What the output at `where` looks at, in words."""
    places = zip(axis_names[len(where)][-2:], (window["rows"], window["columns"]), strict=True)
    place = " and ".join(in_words(*each) for each in places)
    return looks_at.format(f"{place} of the {'padded ' if any(window.get('padding', ())) else ''}input")


def show(where, expected, came, arguments, options):
    """What the output at `where` looks at, and what was expected beside what came; `where` is None for no output."""
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
    told = [f"a tensor {tuple(each.shape)}" if isinstance(each, torch.Tensor) else repr(each) for each in arguments]
    told += [f"{name}={each.tolist() if isinstance(each, torch.Tensor) else each!r}" for name, each in options.items()]
    print(f"The call: {', '.join(told)}.")
    columns.append([{"title": "= expected" + index, "values": torch.atleast_2d(expected[plane]), **framed}])
    if isinstance(came, torch.Tensor) and came.dim() == expected.dim() and came.numel() in range(1, 400):
        values, right = torch.atleast_2d(came[plane]), torch.atleast_2d(expected[plane])
        wrong = ~torch.isclose(values.double(), right.double(), rtol=1e-4, atol=1e-4) if where else None
        columns.append([{"title": "≠ got" + index, "values": values, "wrong": wrong, **framed}])
    draw(columns)
    print(key + "\n" if where else "Hatched: padding.\n" if any(columns[0][0].get("padding", ())) else "")


def difference(expected, came, name):
    """What is wrong with what came, in words, and the first position that differs; None for what there is not."""
    if isinstance(came, Exception):
        return f"{name} raised {type(came).__name__}: {came}", None
    if not isinstance(came, torch.Tensor):
        what = "None. Is the return statement missing?" if came is None else f"a {type(came).__name__}."
        return f"Expected a torch.Tensor with shape {tuple(expected.shape)}, got {what}", None
    if came.shape != expected.shape:
        return f"Expected the shape {tuple(expected.shape)}, got {tuple(came.shape)}.", None
    if not came.is_floating_point():
        dtype = str(came.dtype).removeprefix("torch.")
        return f"Expected a tensor of float32, got {dtype}. A tensor of whole numbers cannot hold fractions.", None
    if came.requires_grad and plain_tensors:
        remedy = "Compute with the arguments themselves, or detach the result."
        return f"Expected a plain tensor, got one that requires grad. {remedy}", None
    came = came.detach()
    differs = ~torch.isclose(came.double(), expected.double(), rtol=1e-4, atol=1e-4)
    endless = differs & ~came.isfinite()
    if not differs.any():
        return None, None
    where = (endless if endless.any() else differs).nonzero()[0].tolist()
    should, is_ = expected[tuple(where)].item(), came[tuple(where)].item()
    if endless.any():
        return f"Expected {should:g} at {where}, got {is_}: the result holds NaN or infinity.", where
    return f"Expected {should:g} at {where}, got {is_:g}; {differs.sum()} of {differs.numel()} values differ.", where


def last_line(frames):
    """The frame that ran last of the notebook's own, or None."""
    lines = [each for each in frames if "-packages" not in each.filename and each.name != "__torch_dispatch__"]
    return lines[-1] if lines and lines[-1].line else None


def line_of(error):
    """The line of the notebook at which an error was raised, or nothing."""
    found = last_line(traceback.extract_tb(error.__traceback__)[1:])
    return f"At line {found.lineno}: {found.line}" if found else ""


class Forbidden(Exception):
    """A library function was called that the lesson forbids."""


class Watch(TorchDispatchMode):
    """Stops a call at what the lesson forbids, and notes the shapes of matrix products and the number of transforms."""

    def __init__(self):
        super().__init__()
        self.forbidden, self.products, self.transforms = None, [], 0
        self.patched = [mock.patch.object(torch.autograd, name, self.meet(name)) for name in ("grad", "backward")]

    @classmethod
    def _should_skip_dynamo(cls):
        """Nothing is compiled here. Without this, the first call would import all of torch._dynamo."""
        return False

    def meet(self, operation):
        """A function that says in words that this operation is forbidden, and raises."""

        def raises(*_, **__):
            found = last_line(traceback.extract_stack()[:-1])
            what, at = (found.name, f"line {found.lineno}: {found.line}") if found else ("the call", "")
            *others, last = [rule for name in forbids for rule in families[name][1:]]
            what, rule = what.replace("<lambda>", "the call"), f"{', '.join(others)} and {last}" if others else last
            self.forbidden = f"{what} calls {operation} ({at}). This step forbids {rule}: write it by hand."
            raise Forbidden(operation)

        return raises

    def __enter__(self):
        for each in self.patched if "autograd" in forbids else ():
            each.start()
        return super().__enter__()

    def __exit__(self, *error):
        super().__exit__(*error)
        for each in self.patched if "autograd" in forbids else ():
            each.stop()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        name = function.overloadpacket.__name__
        tensors = [each for each in args if isinstance(each, torch.Tensor)]
        for family in forbids:
            one_axis = any(each.dim() == 3 for each in tensors) or "stft" in name
            if re.search(families[family][0], name) and (family != "convolution_1d" or one_axis):
                self.meet(name.lstrip("_"))()
        if name in matrix_products:
            self.products.append([tuple(each.shape) for each in tensors[-2:]])
        self.transforms += name.startswith("_fft_")
        return function(*args, **(kwargs or {}))


def across(tensor):
    """The same matrix, or matrices, with their numbers side by side in memory column by column."""
    return tensor.transpose(-1, -2).contiguous().transpose(-1, -2)


def copied(value):
    return value.clone() if isinstance(value, torch.Tensor) else value


def unchanged(watched):
    """Say which of a call's arguments the call changed, if any; to be passed as `also` to visible_check."""
    for name, before in watched.before.items():
        if isinstance(before, torch.Tensor) and not torch.equal(before, watched.after[name]):
            return (
                f"The argument {name} was changed by the call. Work on a copy, so that the caller keeps the original."
            )
    return None


def short(error, text):
    """The same error, shown in a notebook by this text alone and not by the calls that led to it."""
    error._render_traceback_ = text.splitlines
    return error


def visible_check_passed(title):
    """Raise an error unless the visible check of this title passed; each hidden check's cell calls this."""
    found = [problem for name, problem in tried.items() if name == title or name.startswith(f"{title}: ")]
    text = f"not tried: {title}\nThe visible checks stopped before they got there."
    for problem in filter(None, reversed(found)):
        text = f"FAILED: {title}\n{problem}"
    if not found or any(found):
        raise short(AssertionError(text), text)


def visible_check(title, call, expected, *arguments, also=None, **options):
    """Compare call(*arguments, **options) with `expected`: a tensor, a function of the same, or exceptions.

    `also` may find another problem in how the call went: a function of what was watched, or None for none.
    """
    if callable(expected) and not isinstance(expected, type):
        expected = expected(*map(copied, arguments), **{name: copied(value) for name, value in options.items()})
    name = call.__name__.replace("<lambda>", "the call")
    mine, named = [*map(copied, arguments)], {name: copied(value) for name, value in options.items()}
    watched = Watch()
    try:
        with watched:
            came = call(*mine, **named)
    except NotImplementedError as error:
        tried[title] = f"{name} is not implemented yet: it raises NotImplementedError."
        raise short(error, f"{line_of(error)}\nNotImplementedError: the visible checks stop at “{title}”.") from None
    except Exception as error:
        came = error
    where = None
    if not isinstance(expected, type | tuple):
        problem, where = difference(expected, came, name)
    elif isinstance(came, expected):
        problem = None
    else:
        names = " or ".join(each.__name__ for each in (expected if isinstance(expected, tuple) else [expected]))
        told = "but the call returned" if not isinstance(came, Exception) else "got"
        problem = f"Expected {names} to be raised, {told} {type(came).__name__}: {came}"
    came, pictured = came.detach() if isinstance(came, torch.Tensor) else came, problem is not None
    if also and not isinstance(came, Exception):
        names = [*inspect.signature(call).parameters, *map(str, range(1, len(arguments) + 1))]
        watched.before = {**dict(zip(names, arguments, strict=False)), **options}
        watched.after = {**dict(zip(names, mine, strict=False)), **named}
        watched.expected, watched.arguments = expected, arguments
        found = also(watched)
        problem, pictured = found or problem, pictured and not found
    if watched.forbidden:
        problem, pictured = watched.forbidden, False
    tried[title] = problem
    print(f"passed: {title}" if problem is None else f"FAILED: {title}\n{problem}")
    if problem is not None:
        failed_checks.append(title)
    if pictured:
        if isinstance(came, Exception) and not isinstance(expected, type | tuple) and line_of(came):
            print(line_of(came))
        if arguments and isinstance(expected, torch.Tensor) and expected.dim() in axis_names:
            show(where, expected, came, arguments, options)
