"""The line of a slip: which edits each family makes, which line is named, and when nothing is said."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch

from autograder.explain.edits.candidates import Candidate, candidates, definitions
from autograder.explain.edits.families import FAMILIES
from autograder.explain.edits.search import MOST, PRODUCTS, Search, cost, find
from autograder.explain.edits.slip import slip
from autograder.explain.edits.trees import Function
from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.answers import Wrong
from autograder.sandbox.in_process import InProcess
from autograder.sandbox.requests import Request
from autograder.suite.cases import Case
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import PRELUDE
from autograder.suite.load import Suite, load_suite

KEY = 2026
CALLS = 3000
NAME = "matrix_multiplication_for_conv2d"
RIGHT = f"""\
def {NAME}(input, kernel, bias=0, stride=1, padding=0):
    input = F.pad(input, [padding] * 4)
    (H, W), (KH, KW) = input.shape, kernel.shape
    OH, OW = (H - KH) // stride + 1, (W - KW) // stride + 1
    out = torch.zeros(OH, OW)
    for i in range(OH):
        for j in range(OW):
            region = input[i * stride : i * stride + KH, j * stride : j * stride + KW]
            out[i, j] = (region * kernel).sum() + bias
    return out
"""
# What a learner wrote, in place of what, and the family of the edit that mends it.
SLIPS = [
    ("j * stride + KH", "j * stride + KW", "other side"),
    ("[padding] * 3", "[padding] * 4", "number"),
    ("W - KW) // stride + 0", "W - KW) // stride + 1", "number"),
    ("(H - KH) % stride", "(H - KH) // stride", "operator"),
    ("out[i, j] -= (region", "out[i, j] = (region", "added or set"),
    ("(region * kernel).sum() + padding", "(region * kernel).sum() + bias", "other name"),
    ("zeros(OW, OH)", "zeros(OH, OW)", "order"),
    ("kernel).mean() + bias", "kernel).sum() + bias", "neighbour"),
    ("kernel).sum() + bias + i", "kernel).sum() + bias", "term"),
    ("kernel.flip(-1)).sum()", "kernel).sum()", "turned"),
    ("input[i : i + KH", "input[i * stride : i * stride + KH", "twin"),
    ("        return out\n", "    return out\n", "block"),
]


@contextmanager
def opened(submission: Submission) -> Iterator[InProcess]:
    yield InProcess(submission, PRELUDE)


def submitted(*sources: str) -> Submission:
    return Submission("conv2d", "test", tuple(Cell(f"cell {n}", source) for n, source in enumerate(sources, 1)))


def found(submission: Submission, calls: int = CALLS, key: int = KEY, tries: int = 0) -> Candidate | None:
    learner = Learner(InProcess(submission, PRELUDE), key, digest=submission.digest)
    suite = load_suite("conv2d")
    return find(Search(opened, calls, tries), suite, learner, NAME, known_wrong(suite, learner))


def known_wrong(suite: Suite, learner: Learner) -> Iterator[tuple[Check, Case]]:
    """Yield a call that goes wrong for each check that fails."""
    for check in suite.checks:
        try:
            check.try_all(learner)
        except Wrong as wrong:
            yield check, wrong.case


def test_after_enough_tries_without_any_success_the_search_ends() -> None:
    wrong, right, _ = SLIPS[0]
    slip = submitted(RIGHT.replace(right, wrong))
    assert found(slip, tries=60) is not None
    assert found(slip, tries=1) is None


def edits_of(family: str, source: str) -> set[str]:
    """Return the code that a family makes of a function with this body."""
    tree = ast.parse(f"def f(h, w, stride):\n    {source}").body[0]
    (edits,) = (each.edits for each in FAMILIES if each.name == family)
    made = set()
    for edit in edits(Function(tree)):
        edit.make()
        made.add("; ".join(line.strip() for line in ast.unparse(tree).splitlines()[1:]))
        edit.undo()
    return made


@pytest.mark.parametrize(
    ("family", "before", "after"),
    [
        ("other side", "return h + 1", "return w + 1"),
        ("condition", "return 1 if h else 2", "return 1 if True else 2"),
        ("axis", "return x.sum(1)", "return x.sum(-1)"),
        ("axis", "return x.shape[0]", "return x.shape[1]"),
        ("axis", "return x.flip(dims=0)", "return x.flip(dims=-2)"),
        ("number", "return h + 1", "return h + 0"),
        ("number", "return f(x, True)", "return f(x, False)"),
        ("operator", "return h / 2", "return h // 2"),
        ("operator", "return h - w", "return w - h"),
        ("operator", "return h < w", "return h <= w"),
        ("operator", "return h and w", "return h or w"),
        ("added or set", "x = h", "x += h"),
        ("added or set", "x += h", "x = h"),
        ("other name", "return h", "return stride"),
        ("order", "return x.permute(0, 2, 1)", "return x.permute(0, 1, 2)"),
        ("order", "h, w = x.shape", "w, h = x.shape"),
        ("order", "return pad(x, [h, h, w, w])", "return pad(x, [w, w, h, h])"),
        ("neighbour", "return x.sum()", "return x.mean()"),
        ("neighbour", "return math.ceil(h)", "return math.floor(h)"),
        ("term", "return h + w", "return h"),
        ("term", "return -h", "return h"),
        ("bound", "return range(h)", "return range(0, h, stride)"),
        ("bound", "return range(h, w)", "return range(w)"),
        ("bound", "return x[h:w]", "return x[:w]"),
        ("twin", "return x[h:h + stride, :w]", "return x[h:h + stride, w:w + stride]"),
        ("twin", "return (x.shape[0] // 2, x.shape[1])", "return (x.shape[0] // 2, x.shape[1] // 2)"),
        ("twin", "x = h + 1; y = w", "x = h + 1; y = w + 1"),
        ("nothing", "x = None", "x = h"),
        ("nothing", "return None", "return 0"),
        ("returned", "x = h", "x = h; return x"),
        ("returned", "h + w", "return h + w"),
        ("number", "return -100.0", "return -1e309"),
        ("neighbour", "return torch.relu(h)", "return torch.sigmoid(h)"),
        ("turned", "return h.data", "return h"),
        ("gone", "with torch.no_grad(): return h", "return h"),
        ("written out", "return h // 2", "return h // stride"),
        ("end", "return x[:, h:]", "return x[:, h:w]"),
        ("gone", "x = 1; return x", "return x"),
        ("block", "x = 1; y = 2", "y = 2; x = 1"),
        ("same", "return (h // 2, w // 2)", "return (h % 2, w % 2)"),
        ("same", "return x[h:h + stride, w:w + stride]", "return x[h:h - stride, w:w - stride]"),
        ("turned", "return x.flip(0)", "return x"),
        ("turned", "return x.clamp(min=0)", "return x"),
        ("turned", "return torch.round(x)", "return x"),
        ("not turned", "return h", "return h.flip(-2, -1)"),
        ("one more", "return h", "return h - 1"),
        ("option", "return x[h:h + w]", "return x[h * stride:h * stride + w]"),
    ],
)
def test_examples_of_the_families(family: str, before: str, after: str) -> None:
    assert after in edits_of(family, before)


def test_every_family_has_an_example_and_a_sentence() -> None:
    marks = test_examples_of_the_families.pytestmark[0].args[1]
    assert {family.name for family in FAMILIES} == {example[0] for example in marks}
    assert all(family.says.endswith((".", "?")) for family in FAMILIES)


@pytest.mark.parametrize(("wrong", "right", "family"), SLIPS, ids=[each[0] for each in SLIPS])
def test_the_line_of_the_slip_is_named(wrong: str, right: str, family: str) -> None:
    source = RIGHT.replace(right, wrong)
    assert source != RIGHT
    candidate = found(submitted(source))
    assert candidate is not None
    assert candidate.family.name == family
    assert wrong.strip() in source.splitlines()[candidate.lines[0] - 1]


def test_a_slip_in_a_helper_of_an_earlier_cell_is_found_there() -> None:
    helper = "def positions(size, k, stride):\n    return (size - k) // stride\n"
    source = RIGHT.replace("(H - KH) // stride + 1", "positions(H, KH, stride)")
    source = source.replace("(W - KW) // stride + 1", "positions(W, KW, stride)")
    submission = submitted(helper, f"# a comment\n{source}")
    candidate = found(submission)
    assert candidate is not None
    said = slip(submission, NAME, candidate, solution=False)
    assert (said.cell, said.line, said.code) == ("cell 1", 2, "return (size - k) // stride")


def test_the_same_slip_on_both_sides_has_two_lines() -> None:
    twins = RIGHT.replace("    OH, OW =", "    OH = (H - KH) // stride\n    OW = (W - KW) // stride\n    # OH, OW =")
    candidate = found(submitted(twins))
    assert candidate is not None
    said = slip(submitted(twins), NAME, candidate, solution=False)
    assert (said.line, said.lines, said.family) == (4, (4, 5), "same")
    assert said.text.startswith(
        "Lines 4 and 5 of cell 1, “OH = (H - KH) // stride” and “OW = (W - KW) // stride”: look"
    )
    assert said.text.endswith(f"With changes to these lines alone, every check of {NAME} passes.")


def test_the_same_slip_twice_in_a_line() -> None:
    source = RIGHT.replace("// stride + 1", "// stride")
    candidate = found(submitted(source))
    assert candidate is not None
    said = slip(submitted(source), NAME, candidate, solution=False)
    assert (said.lines, said.family) == ((4,), "same")
    assert "With changes to this line alone" in said.text


def test_two_slips_have_two_lines() -> None:
    source = RIGHT.replace("+ bias", "- bias").replace("i * stride : i * stride + KH", "i : i + KH")
    candidate = found(submitted(source))
    assert candidate is not None
    said = slip(submitted(source), NAME, candidate, solution=False)
    assert (said.lines, said.family) == ((8, 9), "twin, operator")
    assert "look at each of them. With changes to these lines alone" in said.text


def test_three_slips_have_no_line() -> None:
    source = RIGHT.replace(".sum()", ".mean()").replace("region * kernel", "region + kernel")
    assert found(submitted(source)) is not None
    assert found(submitted(source.replace("// stride + 1", "// stride"))) is None


def test_an_edit_that_mends_the_checks_alone_is_no_mend() -> None:
    # No check pads a kernel of 1 × 1 by more than 1, but a wide draw does.
    source = RIGHT.replace("    input = F", "    padding = min(padding, max(kernel.shape) - 1)\n    input = F")
    candidate = found(submitted(source))
    assert candidate is not None
    assert candidate.lines == (2,)
    assert "max(kernel.shape) - 0" not in candidate.text


@pytest.mark.parametrize(
    ("expression", "line"),
    [
        ("(\n(region * kernel)\n.sum()\n.round() + bias)", 12),
        ("(\n(region * kernel).sum()\n- bias)", 11),
        ("(\n(region * kernel).sum()\n+ bias\n+ padding)", 12),
    ],
)
def test_in_an_expression_of_several_lines_the_one_with_the_slip_is_named(expression: str, line: int) -> None:
    candidate = found(submitted(RIGHT.replace("(region * kernel).sum() + bias", expression)))
    assert candidate is not None
    assert candidate.lines == (line,)


def test_two_lines_that_mend_it_equally_well_are_not_named() -> None:
    # Without the 1 in either line, nothing is left to add.
    both = RIGHT.replace("    out =", "    one = 1\n    out =").replace("+ bias\n", "+ bias + one * 1\n")
    assert found(submitted(both)) is None
    only = RIGHT.replace("    out =", "    one = kernel.numel()\n    out =").replace("+ bias\n", "+ bias + one * 1\n")
    assert found(submitted(only)) is not None


def test_the_budget_ends_the_search() -> None:
    source = RIGHT.replace("kernel).sum()", "kernel.flip(-1)).sum()")
    assert found(submitted(source)) is not None
    assert found(submitted(source), calls=20) is None
    assert found(submitted(source), calls=0) is None


def test_large_tensors_take_more_of_the_budget() -> None:
    small, middle, large = (
        Request.of(NAME, {"input": torch.ones(n, n), "kernel": torch.ones(3, 3)}) for n in (5, 20, 50)
    )
    assert cost(small) == 1
    assert cost(middle) == 1 + 400 * 9 // PRODUCTS
    assert cost(large) == MOST


def test_only_solution_says_the_change() -> None:
    submission = submitted(RIGHT.replace("j * stride + KH", "j * stride + KW").replace("KW]", "KH]"))
    candidate = found(submission)
    assert candidate is not None
    said, solved = (slip(submission, NAME, candidate, solution=solution) for solution in (False, True))
    assert "KW]" not in said.text
    assert said.text.startswith("Line 8 of cell 1, “region = input[")
    assert said.change in solved.text
    assert "j * stride + KW]" in said.change


def test_large_functions_are_not_searched() -> None:
    many = "".join(f"    x{n} = {n}\n" for n in range(800))
    assert definitions(submitted(RIGHT), NAME)
    assert definitions(submitted(RIGHT.replace("    return out", f"{many}    return out")), NAME) == []


def test_a_tree_is_as_before_after_all_candidates() -> None:
    (definition,) = definitions(submitted(RIGHT), NAME)
    before = ast.dump(definition.tree, include_attributes=True)
    assert len(list(candidates([definition]))) > 500
    assert ast.dump(definition.tree, include_attributes=True) == before
