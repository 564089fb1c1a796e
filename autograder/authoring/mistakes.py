"""The known mistakes of a step as a lesson's visible checks see them: each by what its calls come to."""

import base64
import contextlib
import io
import json
import zlib
from typing import Any

import torch

from autograder.suite.known_answers import PRELUDE, wrong_answers


def packed_mistakes(step: str, shared: str, own: str, answer: str) -> str:
    """Return the known mistakes that the visible checks can tell from one another, packed for `mistakes` of the lesson.

    `shared` and `own` are the two parts of the visible checks' code, `answer` is the lesson's own answer.
    """
    found: dict[str, set[str]] = {}
    for known in wrong_answers(step):
        if known.library:
            continue
        others = [cell.source for cell in known.submission.cells]
        # The other functions of the step may call the wrong one, as the lesson's do, or not.
        for sources in (others, [answer, *known.sources]):
            first, second = (_tried([PRELUDE, *sources, shared], own, seed) for seed in (0, 1))
            digest = first["traces_digest"]()
            # What a layer with random weights returns is different each time. And the type of an exception or of
            # another value says too little: some check must fail with numbers.
            numbers = any(not isinstance(trace, str) for trace in first["traces"].values())
            if numbers and digest == second["traces_digest"]():
                found.setdefault(digest, set()).add(f"{known.description} {known.hint}")
    told_apart = {digest: texts.pop() for digest, texts in sorted(found.items()) if len(texts) == 1}
    return base64.b64encode(zlib.compress(json.dumps(told_apart).encode(), 9)).decode()


def _tried(sources: list[str], own: str, seed: int) -> dict[str, Any]:
    """Run the visible checks after these sources, with random numbers from a seed, and return their names."""
    torch.manual_seed(seed)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in sources:
            exec(source, namespace)
        namespace["show"] = lambda *_: None
        with contextlib.suppress(Exception):
            exec(own, namespace)
    return namespace
