# One visible check: call, compare, report. share.py puts it into every lesson, behind all other parts.
import inspect

import torch
from visible_difference import difference, line_of
from visible_pictures import axis_names, in_full, show
from visible_settings import failed_checks, not_judged, pictured, put_back, raised, set_aside, traces, tried
from visible_verdicts import short, trace_of
from visible_watch import Watch, copied


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
