"""The known mistakes of a step as a lesson's visible checks see them: each by what its calls come to."""

import base64
import contextlib
import hashlib
import io
import json
import zlib
from collections import Counter
from typing import Any

import torch

from autograder.suite.known_answers import PRELUDE, right_answers, wrong_answers


def packed_mistakes(step: str, shared: str, own: str) -> str:
    """Return the known mistakes that the visible checks tell from all others, packed for `mistakes` of the lesson.

    `shared` and `own` are the two parts of the visible checks' code.
    """
    found: dict[str, str] = {}
    times: Counter[str] = Counter()
    for known in wrong_answers(step):
        if known.library:
            continue
        state = torch.random.get_rng_state()
        namespace = _tried([PRELUDE, *(cell.source for cell in known.submission.cells), shared], own)
        if not torch.equal(state, torch.random.get_rng_state()):
            # Such as a layer that keeps its random weights: it comes to something else each time.
            continue
        traces, tried = namespace["traces"], namespace["tried"]
        # Which exception it is says too little: some failure must be one of numbers or of shapes.
        telling = any(problem and isinstance(traces.get(title), list) for title, problem in tried.items())
        if telling and len(traces) == len(tried):
            digest = hashlib.sha256(json.dumps(traces).encode()).hexdigest()[:16]
            times[digest] += 1
            found[digest] = f"{known.description} {known.hint}"
    # A right answer comes to the same as no mistake; to be sure, they are looked at, too.
    for known in right_answers(step):
        namespace = _tried([PRELUDE, *(cell.source for cell in known.submission.cells), shared], own)
        found.pop(hashlib.sha256(json.dumps(namespace["traces"]).encode()).hexdigest()[:16], None)
    alone = {digest: text for digest, text in sorted(found.items()) if times[digest] == 1}
    return base64.b64encode(zlib.compress(json.dumps(alone).encode(), 9)).decode()


def _tried(sources: list[str], own: str) -> dict[str, Any]:
    """Run the visible checks after these sources, and return their names."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in sources:
            exec(source, namespace)
        namespace["show"] = lambda *_: None
        with contextlib.suppress(Exception):
            exec(own, namespace)
    return namespace
