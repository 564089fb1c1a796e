# What the visible checks come to: the cells of the hidden checks ask for it, and the last line of the cell says it.
import base64
import hashlib
import json
import textwrap
import zlib

import torch
from progress import show_progress
from visible_settings import failed_checks, mistakes, not_judged, put_back, traces, tried


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
