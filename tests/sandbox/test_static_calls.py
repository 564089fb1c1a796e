# ruff: noqa: E501  (a submission a line)
"""A forbidden call that is found in the text gets the same message as from a ban, and only certain calls do."""

import json
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.notebooks.master import prelude
from autograder.notebooks.read import Cell, read
from autograder.sandbox import static_calls
from autograder.sandbox.static_calls import Scan
from autograder.suite.known_answers import PRELUDE, right_answers, wrong_answers
from autograder.suite.load import load_suite
from tests import forked
from tests.attack_files import FOLDER, all_attacks
from tests.few import few

NAME = "matrix_multiplication_for_conv2d"
ARGUMENTS = ("input", "kernel", "bias", "stride", "padding")
DEF = f"def {NAME}(input, kernel, bias=0, stride=1, padding=0):\n"
CALL = "F.conv2d(F.pad(input, (padding,) * 4)[None, None], kernel[None, None], stride=stride)[0, 0] + bias"
STEPS = Path(static_calls.__file__).parents[1] / "steps"
SHARED = (FOLDER / "shared" / "answer.py").read_text(encoding="utf-8")
RIGHT = "return right(input, kernel, bias, stride, padding)"
LAYER = "nn.Conv2d(1, 1, tuple(kernel.shape), stride=stride, bias=False)"
IMAGE = "F.pad(input, (padding,) * 4)[None, None]"
# Submissions in which the forbidden call is found. Each string is a cell.
SEEN = {
    "F": [DEF + f"    return {CALL}"],
    "torch": [DEF + f"    return torch.{CALL.removeprefix('F.')}"],
    "in full": [DEF + f"    return torch.nn.functional.{CALL.removeprefix('F.')}"],
    "through nn": [DEF + f"    return nn.functional.{CALL.removeprefix('F.')}"],
    "operation": [DEF + "    return torch.ops.aten.conv2d(input[None, None], kernel[None, None])[0, 0]"],
    "another name": [f"import torch.nn.functional as fn\n{DEF}    return fn.{CALL.removeprefix('F.')}"],
    "from import": [f"from torch.nn.functional import conv2d\n{DEF}    return {CALL.removeprefix('F.')}"],
    "from import as": ["from torch.nn.functional import conv2d as slide", DEF + f"    return {CALL}".replace("F.conv2d", "slide")],
    "assigned": ["conv = F.conv2d", DEF + f"    return conv{CALL.removeprefix('F.conv2d')}"],
    "assigned inside": [DEF + f"    import torch as t\n    slide = t.conv2d\n    return slide{CALL.removeprefix('F.conv2d')}"],
    "layer": [DEF + f"    layer = {LAYER}\n    layer.weight.data = kernel[None, None]\n    return layer({IMAGE})[0, 0] + bias"],
    "layer at once": [DEF + f"    return {LAYER}({IMAGE})[0, 0].detach() + bias"],
    "global layer": ["layer = nn.Conv2d(1, 1, 3)", DEF + f"    return layer({IMAGE})[0, 0].detach() + bias"],
    "helper": ["def help(input, kernel, bias, stride, padding):\n" + f"    return {CALL}", DEF + "    " + RIGHT.replace("right", "help")],
    "helper behind": [DEF + "    " + RIGHT.replace("right", "help"), "def help(input, kernel, bias, stride, padding):\n" + f"    return {CALL}"],
    "inner helper": [DEF + f"    def help():\n        return {CALL}\n    return help()"],
    "no grad": [DEF + f"    with torch.no_grad():\n        return {CALL}"],
    "after a branch": [DEF + f"    if padding:\n        input = F.pad(input, (padding,) * 4)\n    padding = 0\n    return {CALL}"],
    "given another name": ["def mine(input, kernel, bias=0, stride=1, padding=0):\n" + f"    return {CALL}\n{NAME} = mine"],
    "defined again": [DEF + "    " + RIGHT, DEF + f"    return {CALL}"],
    "own class": [
        f"class Net(nn.Module):\n    def forward(self, input, kernel, bias, stride, padding):\n        return {CALL}",
        DEF + "    net = Net()\n    return net(input, kernel, bias, stride, padding)",
    ],
    "own class's making": [f"class Box:\n    def __init__(self, input, kernel, bias, stride, padding):\n        self.out = {CALL}", DEF + "    return Box(input, kernel, bias, stride, padding).out"],
    "over several lines": [DEF + "    return (\n        F.conv2d(\n            F.pad(input, (padding,) * 4)[None, None],\n            kernel[None, None],\n        )[0, 0]\n        + bias\n    )"],
}  # fmt: skip
# All of these are right, even if they look suspicious.
RIGHT_ONES = {
    "own conv2d": ["def conv2d(*all):\n    return right(*all)", DEF + "    " + RIGHT.replace("right", "conv2d")],
    "own F": [f"class F:\n    pad = F.pad\n    conv2d = staticmethod(right)\n{DEF}    " + RIGHT.replace("right", "F.conv2d")],
    "own import replaced": ["from torch.nn.functional import conv2d", "conv2d = right", DEF + "    " + RIGHT.replace("right", "conv2d")],
    "a parameter": [f"def {NAME}(input, kernel, bias=0, stride=1, padding=0, F=right):\n    conv2d = F\n    return conv2d(input, kernel, bias, stride, padding)"],
    "bound twice": [DEF + "    conv2d = F.conv2d\n    conv2d = right\n    " + RIGHT.replace("right", "conv2d")],
    "bound in a loop": [DEF + "    slide = F.conv2d\n    for slide in (right,):\n        pass\n    " + RIGHT.replace("right", "slide")],
    "unreached helper": [f"def compare(input, kernel, bias, stride, padding):\n    return {CALL}", DEF + "    " + RIGHT],
    "free cell": [DEF + "    " + RIGHT, f"x, k = torch.ones(4, 5), torch.ones(2, 3)\nassert torch.allclose({NAME}(x, k), F.conv2d(x[None, None], k[None, None])[0, 0])"],
    "behind return": [DEF + f"    {RIGHT}\n    return {CALL}"],
    "never true": [DEF + f"    if False:\n        return {CALL}\n    {RIGHT}"],
    "no turn of the loop": [DEF + f"    for _ in ():\n        {CALL}\n    {RIGHT}"],
    "short circuit": [DEF + f"    stride < 0 and {CALL}\n    {RIGHT}"],
    "chosen": [DEF + f"    out = {CALL} if stride < 0 else right(input, kernel, bias, stride, padding)\n    return out"],
    "caught": [DEF + f"    try:\n        out = {CALL}\n    except Exception:\n        out = right(input, kernel, bias, stride, padding)\n    return out"],
    "suppressed": [f"from contextlib import suppress\n{DEF}    with suppress(Exception):\n        return {CALL}\n    {RIGHT}"],
    "lambda": [DEF + f"    never = lambda: {CALL}\n    {RIGHT}"],
    "lazy": [DEF + f"    never = ({CALL} for _ in range(3))\n    {RIGHT}"],
    "generator": ["def never(input, kernel, bias, stride, padding):\n" + f"    {CALL}\n    yield", DEF + f"    {RIGHT.replace('right', 'never').replace('return ', '')}\n    {RIGHT}"],
    "early return of a helper": ["def help(input, kernel, bias, stride, padding):\n    if stride:\n        " + f"{RIGHT}\n    return {CALL}", DEF + "    " + RIGHT.replace("right", "help")],
    "defined again": [DEF + f"    return {CALL}", DEF + "    " + RIGHT],
    "defined again later": [DEF + f"    return {CALL}", f"if True:\n    {DEF}        {RIGHT}"],
    "kept by the last cell's end": [DEF + "    " + RIGHT, f"1 / 0\n{DEF}    return {CALL}"],
    "decorated": [f"def mine(function):\n    return right\n@mine\n{DEF}    return {CALL}"],
    "by global": [f"{DEF}    return {CALL}\ndef swap():\n    global {NAME}\n    {NAME} = right\nswap()"],
    "by namespace": [f"{DEF}    return {CALL}\nglobals()['{NAME}'] = right"],
    "only made": [DEF + f"    layer = {LAYER}\n    {RIGHT}"],
    "patched": ["F.conv2d = right", DEF + "    " + RIGHT.replace("right", "F.conv2d")],
    "tensor's own unfold": [DEF + f"    windows = input.unfold(0, 1, 1)\n    {RIGHT}"],
    "a class with a base of its own": ["class Base:\n    def __new__(cls, *all):\n        return right(*all)", f"class Net(Base):\n    def __init__(self, input, kernel, bias, stride, padding):\n        {CALL}", DEF + "    " + RIGHT.replace("right", "Net")],
}  # fmt: skip


def scan(cells: list[str], families: tuple[str, ...] = ("convolution",)) -> Scan:
    labelled = [Cell("prelude", PRELUDE), *(Cell(f"cell {n}", source) for n, source in enumerate(cells, 1))]
    return Scan(labelled, families)


@pytest.mark.parametrize("name", few(SEEN, *[*SEEN][::3]))
def test_what_is_seen_is_told_as_the_bans_tell_it(name: str, graded, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = SEEN[name]
    call = scan([SHARED, *cells]).unavoidable(NAME, ARGUMENTS)
    assert call is not None and call.reply["message"] == "conv2d"
    seen = graded(SHARED, *cells)
    monkeypatch.setattr(Scan, "unavoidable", lambda *ignored: None)
    banned = graded(SHARED, *cells)
    assert seen.score == 0
    assert "This step forbids library convolution" in seen.checks[0].message
    assert seen.model_copy(update={"seconds": 0}) == banned.model_copy(update={"seconds": 0})


@pytest.mark.parametrize("name", few(RIGHT_ONES, *[*RIGHT_ONES][::3]))
def test_a_right_answer_is_never_refused(name: str, graded) -> None:
    cells = RIGHT_ONES[name]
    if "1 / 0" not in "".join(cells):
        assert scan([SHARED, *cells]).unavoidable(NAME, ARGUMENTS) is None
    report = graded(SHARED, *cells)
    assert report.score == 10, [check.message for check in report.checks]


def test_no_call_is_made_of_what_is_seen(graded, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograder.sandbox.session import Session

    requests = []
    monkeypatch.setattr(Session, "ask", lambda self, request: requests.append(request))
    assert graded(*SEEN["F"]).score == 0
    assert requests == []


def test_a_function_that_takes_other_arguments_is_left_to_the_call(graded) -> None:
    code = f"def {NAME}(image, weight):\n    return F.conv2d(image, weight)"
    assert scan([code]).unavoidable(NAME, ARGUMENTS) is None
    assert "has the parameters" in graded(code).checks[0].message


def test_an_expected_error_is_awaited_and_not_foreseen(graded) -> None:
    code = (
        "def pool2d(X, pool_size, mode='max'):\n    kind = ('max', 'avg').index(mode)\n"
        "    return F.max_pool2d(X[None, None], pool_size, stride=1)[0, 0]\n"
        "def pool2d_full(X, pool_size, mode='max', stride=None, padding=0):\n"
        "    if mode not in ('max', 'avg'):\n        raise ValueError(mode)\n"
    )
    report = graded(code, assignment="pooling")
    assert "calls max_pool2d" in report.checks[0].message


@pytest.mark.parametrize("step", sorted(path.parent.name for path in STEPS.glob("*/right_answers.py")))
def test_no_known_right_answer_is_refused(step: str) -> None:
    suite = load_suite(step)
    assert right_answers(step)
    for known in right_answers(step):
        found = Scan([Cell("prelude", PRELUDE), *known.submission.cells], suite.forbids)
        for check in suite.checks:
            for case in check.drawn(2026):
                assert found.unavoidable(case.function, tuple(case.arguments)) is None, known.name


def test_no_course_answer_is_refused(the_course: Course) -> None:

    for assignment in the_course.assignments:
        suite = load_suite(assignment.id)
        own = read(the_course.master(assignment.id), assignment.id)
        found = Scan([Cell("prelude", prelude(the_course, assignment.id)), *own.cells], suite.forbids)
        for check in suite.checks:
            for case in check.drawn(the_course.key):
                assert found.unavoidable(case.function, tuple(case.arguments)) is None, case.function


def test_the_plain_attacks_and_the_known_library_calls_are_seen(the_course: Course) -> None:
    seen = set()
    for attack in all_attacks():
        if attack.path.parent.name == "forbidden" and attack.assignment == "conv2d":
            cells = [Cell("prelude", PRELUDE), *attack.submission(the_course).cells]
            if Scan(cells, ("convolution",)).unavoidable(NAME, ARGUMENTS):
                seen.add(attack.path.stem)
    assert {"functional", "torch_conv2d", "module", "no_grad"} <= seen
    library = [known for known in wrong_answers("conv2d") if known.library]
    assert library
    for known in library:
        assert Scan([Cell("prelude", PRELUDE), *known.submission.cells], ("convolution",)).unavoidable(NAME, ARGUMENTS)


TORCH = """
import functools, json, sys, torch
from autograder.sandbox.worker import bans

outcomes = {}
shapes = {"1": (1, 1, 4), "2": (1, 1, 4, 4), "3": (1, 1, 4, 4, 4)}
bans.disable(list(bans.FAMILIES), torch._C._dispatch_library)
for name, made in json.loads(sys.argv[1]):
    try:
        called = functools.reduce(getattr, name.split(".")[1:], torch)
    except AttributeError:
        continue
    axes = next((letter for letter in name if letter in shapes), "2")
    image, kernel = torch.ones(shapes[axes]), torch.ones(1, 1, *[2] * int(axes))
    lower = name.rpartition(".")[2].lower()
    if "fold" in lower:
        image = torch.ones(1, 4, 4) if lower == "fold" else image
        arguments, making = [image, *([(3, 3)] if lower == "fold" else []), (2, 2)], [*([(3, 3)] if lower == "fold" else []), (2, 2)]
    elif "conv" in lower:
        arguments, making = [image, kernel], [1, 1, 2]
    elif "grid" in lower:
        arguments, making = [image, torch.zeros(1, 2, 2, 2)], []
    else:
        arguments, making = [image, [1] * int(axes) if "adaptive" in lower else 2], [1 if "adaptive" in lower else 2]
    try:
        called(*making)(image) if made else called(*arguments)
        outcomes[name] = "answered"
    except bans.Forbidden as error:
        outcomes[name] = str(error)
    except Exception as error:
        outcomes[name] = repr(error)
print(json.dumps(outcomes))
"""


@pytest.mark.slow
def test_each_name_leads_to_the_operation_that_is_told() -> None:
    expected = {
        library.name: (operation, library.called)
        for family in static_calls.OPERATIONS
        for library, operation in static_calls.spellings(family)
    }
    names = json.dumps([(name, made) for name, (_, made) in expected.items()])
    done = forked.run(TORCH, names)
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    assert {name: expected[name][0] for name in outcomes} == outcomes
    # Some spellings do not exist in torch.
    assert len(outcomes) >= 50
