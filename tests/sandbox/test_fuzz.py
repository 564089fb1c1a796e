"""Random notebooks and random frames: nothing crashes, nothing hangs, and nobody gets points for what was not there.

A few hundred of each here; `make fuzz` tries ten thousand.
"""

import copy
import json
import socket
import time
from collections.abc import Callable, Sequence
from typing import Any

import nbformat
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course import Course, Limits
from autograder.explain.counterexample import counterexample
from autograder.judge import judge, notebooks
from autograder.notebooks.fill import fill
from autograder.notebooks.read import Cell, Submission, source_of
from autograder.sandbox.answers import Wrong
from autograder.sandbox.host import Branch, Sandbox, Used, Worker
from autograder.sandbox.session import Learner
from autograder.sandbox.worker import values, wire
from autograder.suite import compare
from autograder.suite.cases import Case
from autograder.suite.products import one_product
from tests import courses
from tests.damages import course_cells

SOME = [300, pytest.param(10_000, marks=pytest.mark.fuzz)]
FEWER = [60, pytest.param(1_000, marks=pytest.mark.fuzz)]
SECONDS_EACH = 5


def fuzz(examples: int, strategy: st.SearchStrategy, body: Callable[[Any], None]) -> None:
    """Try the body on so many draws; none may take long. A few are always the same ones, many never are."""

    def timed(drawn: Any) -> None:
        # A machine that others use may be slow once or twice; a hang is one each time.
        for _ in range(3):
            begun = time.monotonic()
            body(drawn)
            if time.monotonic() - begun < SECONDS_EACH:
                return
        raise AssertionError(f"took more than {SECONDS_EACH} seconds, three times")

    with_settings = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=examples < 1000,
        suppress_health_check=list(HealthCheck),
    )
    with_settings(given(strategy)(timed))()


TEXT = st.text(max_size=20) | st.sampled_from(
    ["\ud800", "\x00", "%%bash", "!ls", "\u202e", "x" * 5000, "def f(:", "1/0"]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=10
)
# What a notebook's keys and values are called, so that what is drawn is often nearly right.
KEYS = st.sampled_from(
    ["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "points", "locked", "solution", "grade", "id"]
) | st.sampled_from(["outputs", "task", "schema_version", "autograder", "notes", "unreadable", "nbformat"])
WORDS = st.sampled_from(
    [
        "code",
        "markdown",
        "raw",
        "solution",
        "imports",
        "check-slides",
        "check-stride",
        "visible-checks",
        "worked-example",
    ]
)


@st.composite
def mutated_notebooks(draw: st.DrawFn, original: dict[str, Any]) -> bytes:
    """A notebook with cells deleted, doubled, moved and retyped, keys set to anything, and then bytes changed."""
    notebook = copy.deepcopy(original)
    for _ in range(draw(st.integers(0, 6))):
        cells = notebook["cells"] if isinstance(notebook.get("cells"), list) else []
        action = draw(st.sampled_from(["delete", "double", "move", "swap", "set", "set", "set", "add", "drop"]))
        if action == "add":
            cells.append(draw(JSON))
        elif cells:
            at, to = draw(st.integers(0, len(cells) - 1)), draw(st.integers(0, len(cells) - 1))
            if action == "delete":
                del cells[at]
            elif action == "double":
                cells.insert(to, copy.deepcopy(cells[at]))
            elif action == "move":
                cells.insert(to, cells.pop(at))
            elif action == "swap":
                cells[at], cells[to] = cells[to], cells[at]
            else:
                _change(draw, notebook if draw(st.integers(0, 9)) == 0 else cells[at], drop=action == "drop")
    text = json.dumps(notebook)
    encoding = draw(st.sampled_from(["utf-8"] * 8 + ["utf-8-sig", "utf-16", "latin-1"]))
    return draw(mutated(text.encode(encoding, "replace")))


def _change(draw: st.DrawFn, within: Any, *, drop: bool) -> None:
    """Set a key somewhere within to anything, or drop one."""
    while isinstance(within, dict):
        inner = [value for value in within.values() if isinstance(value, dict)]
        if inner and draw(st.booleans()):
            within = draw(st.sampled_from(inner))
            continue
        if drop and within:
            del within[draw(st.sampled_from(sorted(within)))]
        else:
            within[draw(KEYS)] = draw(WORDS | JSON)
        return


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes, mostly as they are; else cut off, with some changed, put in, repeated, or nothing but these."""
    kind = draw(st.sampled_from(["as it is"] * 6 + ["cut", "flip", "insert", "repeat", "nest", "other"]))
    at = draw(st.integers(0, len(data)))
    if kind == "cut":
        return data[:at]
    if kind == "flip":
        return data[:at] + draw(st.binary(min_size=1, max_size=4)) + data[at + 1 :]
    if kind == "insert":
        return data[:at] + draw(st.binary(max_size=20)) + data[at:]
    if kind == "repeat":
        return data[:at] + data[at : at + 50] * draw(st.integers(2, 200)) + data[at + 50 :]
    if kind == "nest":
        return data[:at] + b"[" * draw(st.integers(1, 5000)) + data[at:]
    return draw(st.binary(max_size=50)) if kind == "other" else data


def texts_in(data: bytes) -> set[str]:
    """Every line of every text in a submitted notebook, as far as it can be read."""
    try:
        cells = json.loads(data.decode("utf-8-sig"))["cells"]
        return {line for cell in cells if isinstance(cell, dict) for line in source_of(cell).splitlines()}
    except (ValueError, TypeError, KeyError, RecursionError):
        return set()


@pytest.mark.parametrize("examples", SOME)
def test_any_notebook_becomes_a_whole_one_or_is_refused(a_course: Course, examples: int):
    release = notebooks.release_notebook(a_course.stub("conv2d"))
    before = nbformat.writes(release)
    own = {line for cell in release.cells for line in cell.source.splitlines()}
    path = courses.hand_in(a_course, "ada", b"")
    nothing = judge.Run(Submission("conv2d", "conv2d.ipynb", ()), "")

    def body(data: bytes) -> None:
        path.write_bytes(data)
        whole = notebooks.make_whole(a_course, "conv2d", path)
        assert course_cells(whole.notebook) == course_cells(release)
        if whole.submission.unreadable:
            assert whole.submission.cells == ()
        # Not a line of code that was neither handed in nor the course's; what looks like a magic became `pass`.
        lines = {line for cell in whole.submission.cells for line in cell.source.splitlines()}
        strange = {line.encode("utf-8", "replace").decode() for line in lines - own if line.strip() != "pass"}
        assert strange <= {line.encode("utf-8", "replace").decode() for line in texts_in(data)}
        submission = notebooks.read_whole(whole.notebook, "conv2d", path.name)
        assert submission == whole.submission
        filled = fill(whole.notebook, judge.report(a_course, nothing, "A"))
        again = nbformat.reads(nbformat.writes(filled), as_version=4)
        nbformat.validate(again)

    fuzz(examples, mutated_notebooks(courses.answered(a_course)), body)
    assert nbformat.writes(notebooks.release_notebook(a_course.stub("conv2d"))) == before


@pytest.mark.slow
@pytest.mark.parametrize("examples", FEWER)
def test_no_points_for_what_was_not_there(a_course: Course, sandbox: Sandbox, examples: int):
    path = courses.hand_in(a_course, "ada", b"")

    def body(data: bytes) -> None:
        path.write_bytes(data)
        whole = notebooks.make_whole(a_course, "conv2d", path)
        ((report, _),) = notebooks.grade(a_course, [whole], sandbox)
        assert report.score == 0
        assert not report.has_error, report

    fuzz(examples, mutated_notebooks(courses.stub(a_course)), body)


SHAPES = st.lists(st.integers(-1, 4) | st.sampled_from([2**26, 2**26 + 1, 2**63, True, 1.0, "2"]), max_size=9)
BUFFERS = st.lists(
    st.fixed_dictionaries({"dtype": st.sampled_from([*wire.DTYPES, "object", "complex64", 3]), "shape": SHAPES}) | JSON,
    max_size=4,
)
NUMBERS = (
    st.sampled_from(["1", "1.5", "nan", "-inf", "1e999", "9" * 24, "9" * 5000, "--1", "٣", "0x1", "1_0", ""]) | TEXT
)
DESCRIBED = st.recursive(
    st.fixed_dictionaries(
        {"tensor": st.integers(-1, 5), "layout": st.sampled_from([*values.LAYOUTS, 3]), "dtype": JSON}
    )
    | st.fixed_dictionaries({"number": NUMBERS})
    | st.fixed_dictionaries({"opaque": TEXT})
    | st.fixed_dictionaries({"text": TEXT})
    | st.just({"none": True})
    | JSON,
    lambda inner: st.fixed_dictionaries({"items": st.lists(inner, max_size=5), "type": st.sampled_from(["list", 1])}),
    max_leaves=8,
)


@st.composite
def replies(draw: st.DrawFn) -> dict[str, Any]:
    """What a worker could say of a call: nearly right, or anything."""
    status = draw(st.sampled_from(["returned"] * 4 + ["raised", "missing", "mismatch", "ran", None]))
    reply: dict[str, Any] = {"id": 1, "status": status, "value": draw(DESCRIBED), "buffers": draw(BUFFERS)}
    reply["after"] = draw(st.dictionaries(st.sampled_from(["input", "kernel", "x"]), DESCRIBED, max_size=3) | JSON)
    reply["products"] = draw(st.lists(st.lists(SHAPES, max_size=3), max_size=3) | JSON)
    for key in ("type", "message", "where", "line", "bases", "defined", "signature"):
        reply[key] = draw(st.sampled_from(["Forbidden", "NotImplementedError", "TooMuchOutput", "{}", "{x!r}"]) | JSON)
    for key in draw(st.lists(st.sampled_from(sorted(reply)), max_size=2)):
        reply[key] = draw(JSON)
    return reply


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """The bytes of a reply: a frame, often with a wrong length, other bytes, or buffers of a wrong size."""
    text = draw(mutated(json.dumps(draw(replies())).encode()))
    length = draw(
        st.just(len(text)) | st.integers(0, 2**32 - 1) | st.integers(-2, 2).map(lambda n: max(0, len(text) + n))
    )
    data = draw(st.binary(max_size=64)) * draw(st.sampled_from([1, 1, 4, 1000]))
    return draw(mutated(wire.LENGTH.pack(length) + text + data))


class Puppet(Sandbox):
    """A sandbox without a process: every worker of it has already said what it will say, and hung up."""

    def __init__(self, said: bytes) -> None:
        self.limits = Limits(call_seconds=0.5)
        self.said = wire.pack({"id": 0, "status": "ran"}, []) + said

    def fork(self, forbids: Sequence[str] = (), course: Sequence[tuple[str, str]] = ()) -> Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            theirs.sendall(self.said)
            theirs.shutdown(socket.SHUT_WR)
            # The judge's own words are read, so that it can send them.
            self.kept = theirs.dup()
        return Worker(0, ours, Branch(ours))

    def used(self, worker: Worker) -> Used:
        return Used(0.0, 0)

    def end(self, worker: Worker) -> int:
        worker.connection.close()
        self.kept.close()
        return 0


INPUT, KERNEL = torch.arange(12.0).reshape(3, 4) + 0.25, torch.tensor([[1.0, -2.0], [0.5, 3.0]])
EXPECTED = torch.nn.functional.conv2d(INPUT[None, None], KERNEL[None, None])[0, 0]
ARGUMENTS = {"input": INPUT, "kernel": KERNEL}


@pytest.mark.parametrize("examples", SOME)
def test_whatever_a_worker_says_is_only_an_answer(examples: int):
    def body(said: bytes) -> None:
        case = Case("f", ARGUMENTS, ("input",), EXPECTED, {})
        judged: list[Callable[[Any], None]] = [
            lambda answer: compare.agree(answer, EXPECTED),
            lambda answer: compare.exact_zeros(answer, EXPECTED * 0),
            lambda answer: one_product(answer, 6, 4),
            lambda answer: compare.unchanged(answer, ARGUMENTS),
            lambda answer: compare.raises(lambda: answer, ["ValueError"]),
        ]
        submission = Submission("conv2d", "x", ())
        with Learner(Puppet(said), submission, "import torch", ["convolution"]) as learner:
            try:
                answer = learner.call("f", ARGUMENTS, watch=True, after=True)
            except Wrong as wrong:
                _tell(wrong, case)
                return
        for number, one in enumerate(judged):
            try:
                one(answer)
            except Wrong as wrong:
                _tell(wrong, case)
            else:
                # Nobody can draw the right numbers; that all is zero, or nothing was multiplied twice, they can.
                assert number != 0 or torch.allclose(answer.value, EXPECTED, atol=1e-3)

    fuzz(examples, frames(), body)


def _tell(wrong: Wrong, case: Case) -> None:
    """All that is made of a wrong answer can be written down, and is not long."""
    wrong.case = case
    told = counterexample(wrong)
    assert len(wrong.message.encode("utf-8")) < 10_000
    assert told is None or len(told.model_dump_json()) < 100_000


@pytest.mark.parametrize("examples", SOME)
def test_any_bytes_are_a_frame_or_a_wire_error(examples: int):
    def body(data: bytes) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            theirs.sendall(data)
            theirs.shutdown(socket.SHUT_WR)
            try:
                header, arrays = wire.receive(ours, time.monotonic() + 1)
            except wire.WireError:
                return
            assert sum(array.nbytes for array in arrays) <= wire.MAX_BYTES
            wire.pack(header, arrays)

    fuzz(examples, frames() | st.binary(max_size=200), body)


@pytest.mark.parametrize("examples", SOME)
def test_any_description_is_a_value_or_a_wire_error(examples: int):
    def body(described: Any) -> None:
        arrays = [np.zeros((2, 3), "float32"), np.ones((), "int64"), np.zeros((0, 4), "bool")]
        try:
            value = values.restore(described, arrays, [])
        except wire.WireError:
            return
        repr(value)

    fuzz(examples, DESCRIBED, body)


@pytest.mark.slow
@pytest.mark.parametrize("examples", FEWER)
def test_a_worker_that_is_told_anything_harms_nobody(sandbox: Sandbox, examples: int):
    request = {"op": "load", "own": 0, "id": 0, "cells": ["x = 1"], "labels": ["cell 1"]}
    call = {"op": "call", "id": 1, "function": "x", "arguments": {}, "positional": [], "watch": True, "after": True}

    def body(data: bytes) -> None:
        worker = sandbox.fork()
        try:
            worker.connection.settimeout(1)
            worker.connection.sendall(data)
            worker.connection.shutdown(socket.SHUT_WR)
            while worker.connection.recv(1 << 16):
                pass
        except OSError:
            pass
        finally:
            sandbox.end(worker)

    spoken = st.sampled_from([request, call]).flatmap(lambda one: mutated(wire.pack(one, [])))
    any_request = st.dictionaries(st.sampled_from(sorted(call | request)), JSON).map(lambda one: {**call, **one})
    packed = any_request.map(lambda one: wire.LENGTH.pack(len(json.dumps(one))) + json.dumps(one).encode())
    fuzz(examples, spoken | packed | frames(), body)
    with Learner(sandbox, Submission("x", "x", (Cell("cell 1", "def f(): return 1.0"),)), "import torch") as learner:
        assert learner.call("f", {}).value == 1
