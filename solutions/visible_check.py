# The same in every lesson, down to the end of visible_check: solutions/share.py puts it there.
import base64
import builtins
import hashlib
import inspect
import json
import re
import textwrap
import traceback
import zlib
from unittest import mock

import torch
from progress import show_progress
from torch.utils._python_dispatch import TorchDispatchMode
from visible_pictures import axis_names, in_full, show

forbids = ("convolution",)
families = {  # what a lesson may forbid: a pattern for PyTorch's operations, and the rule in words
    "convolution": ("conv(?!ert)|^_?i?stft", "library convolution (plain or transposed)"),
    "convolution_1d": ("conv(?!ert)|^_?i?stft", "1-D library convolution (plain or transposed)"),
    "unfold": ("im2col|col2im", "F.unfold", "F.fold"),
    "pooling": ("pool", "library pooling"),
    "grid_sample": ("grid_sampl|grid_generator|upsample_(bi|tri)(linear|cubic)", "F.grid_sample"),
    "autograd": ("^_make_dual", "automatic gradients (autograd, backward, torch.func)"),
}
matrix_products = ("mm", "bmm", "addmm", "mv", "dot", "baddbmm", "addmv", "addbmm", "vdot")
plain_tensors = True  # report a result that requires grad
failed_checks = []
not_judged = []  # of these: checks of how a result is computed, where the result itself is wrong
tried = {}  # the problem, or None, of each visible check that was tried, by title
pictured = []  # where the results differ that a picture was drawn of
raised = {}  # the first visible check in which an error was raised, and its message, by the error's type and line
traces = {}  # what the call of each failed visible check returned, in short, by title
mistakes = ""  # known mistakes in words, by their traces' digest; packed, so that nobody reads them here
hiding = {}  # the notebook's names that hide Python's own, such as a variable called sum


def set_aside():
    """Set aside the names that hide Python's own, which the course's code needs."""
    names = builtins.globals()
    for name in builtins.list(names):
        if name in builtins.__dict__ and name[0] != "_":
            hiding[name] = names.pop(name)


def put_back():
    """Put those names back, for the learner's code."""
    builtins.globals().update(hiding)
    hiding.clear()


set_aside()


def difference(expected, came, name):
    """Return what is wrong with a result, and the first position that differs; None if there is none."""
    if isinstance(came, Exception):
        return f"{raiser(came, name)} raised {type(came).__name__}: {came}", None
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


def own_frames(frames):
    """Return the frames of the learner's own code: neither PyTorch's nor the course's."""
    others = ("-packages", watch.__code__.co_filename)
    return [each for each in frames if not [other for other in others if other in each.filename]]


def last_line(frames):
    """Return the last frame of the learner's own code, or None."""
    lines = own_frames(frames)
    return lines[-1] if lines and lines[-1].line else None


def raiser(error, name):
    """Return the name of the learner's function that was called when an error was raised; `name` if none was."""
    frames = own_frames(traceback.extract_tb(error.__traceback__))
    return frames[0].name.replace("<lambda>", "the call") if frames else name


def line_of(error):
    """Return the line of the learner's code at which an error was raised; empty if there is none."""
    frame = last_line(traceback.extract_tb(error.__traceback__))
    return f"At line {frame.lineno}: {frame.line}" if frame else ""


class Forbidden(Exception):
    """A call to a library function that the lesson forbids."""


class Watch(TorchDispatchMode):
    """Stops a call at forbidden operations, and records the shapes of matrix products and the number of transforms."""

    def __init__(self):
        super().__init__()
        self.forbidden, self.products, self.transforms = None, [], 0
        self.patched = [mock.patch.object(torch.autograd, name, self.meet(name)) for name in ("grad", "backward")]

    @classmethod
    def _should_skip_dynamo(cls):
        """Return False: nothing is compiled here. Otherwise the first call would import all of torch._dynamo."""
        return False

    def meet(self, operation):
        """Return a function that records this operation as forbidden and raises."""

        def raises(*_, **__):
            frame = last_line(traceback.extract_stack()[:-1])
            what, at = (frame.name, f"line {frame.lineno}: {frame.line}") if frame else ("the call", "")
            *others, last = [rule for name in forbids for rule in families[name][1:]]
            what, rule = what.replace("<lambda>", "the call"), f"{', '.join(others)} and {last}" if others else last
            self.forbidden = f"{what} calls {operation} ({at}). This step forbids {rule}: write it by hand."
            raise Forbidden(operation)

        return raises

    def __enter__(self):
        for each in self.patched if "autograd" in forbids else ():
            each.start()
        return TorchDispatchMode.__enter__(self)

    def __exit__(self, *error):
        TorchDispatchMode.__exit__(self, *error)
        for each in self.patched if "autograd" in forbids else ():
            each.stop()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        name = function.overloadpacket.__name__
        # This runs within the learner's call, where the learner's names count.
        tensors = [each for each in args if builtins.isinstance(each, torch.Tensor)]
        for family in forbids:
            one_axis = builtins.any(each.dim() == 3 for each in tensors) or "stft" in name
            if re.search(families[family][0], name) and (family != "convolution_1d" or one_axis):
                self.meet(name.lstrip("_"))()
        if name in matrix_products:
            self.products.append([builtins.tuple(each.shape) for each in tensors[-2:]])
        self.transforms += name.startswith("_fft_")
        return function(*args, **(kwargs or {}))


def across(tensor):
    """Return the same matrix, or matrices, stored column by column in memory."""
    return tensor.transpose(-1, -2).contiguous().transpose(-1, -2)


def copied(value):
    return value.clone() if isinstance(value, torch.Tensor) else value


def unchanged(watched):
    """Return a message if the call changed one of its arguments. Pass this as `also` to visible_check."""
    for name, before in watched.before.items():
        if isinstance(before, torch.Tensor) and not torch.equal(before, watched.after[name]):
            return (
                f"The argument {name} was changed by the call. Work on a copy, so that the caller keeps the original."
            )
    return None


def short(error, text):
    """Return the error, which a notebook then shows as this text, without a traceback."""
    # nbgrader cuts lines that are longer.
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, 80) or [""]]
    error._render_traceback_ = lambda: lines
    return error


def visible_check_passed(title):
    """Raise an error unless the visible check of this title passed. Each hidden check's cell calls this."""
    names = [name for name in tried if name == title or name.startswith(f"{title}: ")]
    problems = [tried[name] for name in names]
    text = f"not tried: {title}\nThe visible checks did not get there. Run all cells: the first error says why."
    failures = [problem for problem in problems if problem]
    if failures:
        verdict = "FAILED" if [name for name in names if tried[name] and name not in not_judged] else "not judged"
        text = f"{verdict}: {title}\n{failures[0]}"
    if failures or not problems:
        raise short(AssertionError(text), text)


def trace_of(result):
    """Return a result in short: a tensor's shape and numbers, a number, or the type of anything else."""
    if isinstance(result, torch.Tensor):
        # Adding 0 makes a "-0" a "0".
        return [list(result.shape), [round(number, 3) + 0 for number in result.double().flatten().tolist()]]
    return result if isinstance(result, bool | int | float) else type(result).__name__


def traces_digest():
    """Return what stands for the failed visible checks and their results. All of them must have run."""
    return hashlib.sha256(json.dumps([list(tried), traces]).encode()).hexdigest()[:16]


def known_mistake():
    """Return the known mistake that fails the same visible checks with the same results, in words, or None."""
    texts = json.loads(zlib.decompress(base64.b64decode(mistakes))) if mistakes else {}
    return texts.get(traces_digest())


def failures_in_words():
    """Return the titles of the visible checks that failed, and the known mistake if there is one."""
    failed = [title for title in failed_checks if title not in not_judged]
    lines = [f"{len(failed)} of the visible checks failed:", *failed] if failed else []
    if not_judged:
        lines += [f"{len(not_judged)} could not be judged, since the call raised or its result is wrong:", *not_judged]
    return "\n".join([*lines, f"This looks like: {mistake}"] if (mistake := known_mistake()) else lines)


def end_visible_checks():
    """Say that all visible checks passed and show the map, or raise an error with the titles of those that failed."""
    error = None
    if failed_checks:
        text = failures_in_words()
        error = short(AssertionError(text), text)
    else:
        print("All visible checks passed.")
        show_progress()
    put_back()
    if error:
        raise error


def watch(title, call, arguments, options):
    """Call with copies of the arguments and watch the call. Return what was watched, and the result or exception."""
    watched = Watch()
    mine, named = [*map(copied, arguments)], {name: copied(value) for name, value in options.items()}
    name = name_of(call)
    put_back()
    try:
        with watched:
            result = call(*mine, **named)
    except NotImplementedError as error:
        tried[title] = f"{name} is not implemented yet: it raises NotImplementedError."
        raise short(error, f"{line_of(error)}\nNotImplementedError: the visible checks stop at “{title}”.") from None
    except Exception as error:
        result = error
    set_aside()
    watched.copies = mine, named
    return watched, result


def note_arguments(watched, call, arguments, options):
    """Record the arguments before and after a call, by name."""
    names = [*inspect.signature(call).parameters, *map(str, range(1, len(arguments) + 1))]
    mine, named = watched.copies
    watched.before = {**dict(zip(names, arguments, strict=False)), **options}
    watched.after = {**dict(zip(names, mine, strict=False)), **named}
    watched.arguments = arguments


def compare(expected, result, name):
    """Return what is wrong with a result or an exception, and the first position that differs; None if nothing is."""
    if not isinstance(expected, type | tuple):
        return difference(expected, result, name)
    if isinstance(result, expected):
        return None, None
    names = " or ".join(each.__name__ for each in (expected if isinstance(expected, tuple) else [expected]))
    got = "got" if isinstance(result, Exception) else "but the call returned"
    return f"Expected {names} to be raised, {got} {type(result).__name__}: {result}", None


def name_of(call):
    return call.__name__.replace("<lambda>", "the call")


def told_before(title, error):
    """Return where such an error was told before, in words, or None if this is the first one."""
    line = line_of(error)
    first, message = raised.setdefault((type(error), line or str(error)), (title, str(error)))
    if first == title:
        return None
    same = "The same error as" if message == str(error) else f"{type(error).__name__} at the same line as"
    return f"{same} in “{first}”."


def report(title, problem, repeated):
    """Print what came of a check."""
    if problem is None:
        return print(f"passed: {title}")
    print(f"{'not judged' if title in not_judged else 'FAILED'}: {title}\n{repeated or problem}")


def explain(where, expected, result, arguments, options):
    """Show where a result differs, or print which call raised."""
    if not (arguments and isinstance(expected, torch.Tensor) and expected.dim() in axis_names):
        return
    if isinstance(result, Exception):
        print(f"{in_full(arguments, options)}\nA result of the shape {tuple(expected.shape)} is expected.\n")
    elif len(pictured) < 4:
        pictured.append(where)
        show(where, expected, result, arguments, options)
    elif len(pictured) == 4:
        pictured.append(where)
        print("(Only the first four failures have a picture.)")


def visible_check(title, call, expected, *arguments, also=None, **options):
    """Compare call(*arguments, **options) with `expected`: a tensor, a function that returns one, or exceptions.

    `also` may find another problem: it takes the watched call, and returns a message or None.
    """
    if callable(expected) and not isinstance(expected, type):
        expected = expected(*map(copied, arguments), **{name: copied(value) for name, value in options.items()})
    watched, result = watch(title, call, arguments, options)
    problem, where = compare(expected, result, name_of(call))
    another, raises = None, isinstance(result, Exception)
    if isinstance(result, torch.Tensor):
        result = result.detach()
    if also and not raises:
        note_arguments(watched, call, arguments, options)
        watched.expected = expected
        another = also(watched)
    special = another or watched.forbidden
    tried[title] = problem = watched.forbidden or another or problem
    if problem is not None:
        failed_checks.append(title)
        traces[title] = problem if special else trace_of(result)
        if not special and (also or (raises and title.startswith("leaves its arguments unchanged"))):
            not_judged.append(title)
    unexpected = problem is not None and raises and not special and not isinstance(expected, type | tuple)
    repeated = told_before(title, result) if unexpected else None
    report(title, problem, repeated)
    if unexpected and not repeated and line_of(result):
        print(line_of(result))
    if problem is not None and not special and not repeated:
        explain(where, expected, result, arguments, options)
