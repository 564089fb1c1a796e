"""Visible checks fail for each known wrong answer that they cover, in the words of the hidden checks."""

import linecache
from functools import cache
from types import CodeType
from typing import Any

import nbformat
import pytest
import torch

from autograder import course
from autograder.authoring.visible_checks import shared_source
from autograder.report import answer_messages, messages
from autograder.sandbox import no_answer
from autograder.sandbox.worker.counting import PRODUCTS
from autograder.suite.known_answers import PRELUDE, KnownAnswer, wrong_answers
from autograder.suite.load import load_suite
from tests.few import few
from tests.lessons.test_visible_checks import ROOT, cells
from tests.steps.test_strangers import IN_THE_BANK
from tests.strangers.__main__ import strangers

STEPS = [assignment.id for assignment in course.load(ROOT).assignments]
SHARED = shared_source(ROOT / "solutions")


@cache
def lesson(name: str) -> tuple[str, CodeType, CodeType]:
    """Return the right answers, and both parts of the visible checks."""
    sources = cells(name)
    right = "\n\n".join([PRELUDE, *(text for key, text in sources.items() if key.startswith("solution"))])
    own = sources["visible-checks"].removeprefix(SHARED)
    return right, compile(SHARED, "<shared>", "exec"), compile(own, "<own>", "exec")


def run(name: str, sources: tuple[str, ...] = ()) -> tuple[dict[str, Any], str]:
    """Run the visible checks with these sources in the notebook. Return all names, and the error at the end if any."""
    right, shared, own = lesson(name)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for source in (right, *sources, shared):
        exec(source, namespace)
    namespace["show"] = lambda *_: None
    try:
        exec(own, namespace)
    except AssertionError as error:
        assert namespace["failed_checks"]
        return namespace, str(error)
    return namespace, ""


def tried(name: str, sources: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the problem, or None, of each visible check that ran with these sources in the notebook."""
    return run(name, sources)[0]["tried"]


def problems(found: dict[str, Any], title: str) -> list[str | None]:
    return [problem for name, problem in found.items() if name == title or name.startswith(f"{title}: ")]


def unseen(wrong: KnownAnswer) -> list[str]:
    """Return the titles of checks that this answer must fail, but whose visible check it passes."""
    titles = {check.id: check.title for check in load_suite(wrong.step).checks}
    found = tried(wrong.step, wrong.sources)
    return [titles[id] for id in wrong.checks if not any(problems(found, titles[id]))]


@pytest.mark.slow
@pytest.mark.parametrize("name", few(STEPS))
def test_no_known_wrong_answer_passes_the_visible_check_that_is_about_it(name, capsys):
    passing = {wrong.name: titles for wrong in wrong_answers(name) if (titles := unseen(wrong))}
    assert passing == {}


@pytest.mark.parametrize("name", STEPS)
def test_the_lessons_answer_passes_a_visible_check_for_every_hidden_one(name, capsys):
    found = tried(name)
    assert not any(found.values())
    assert all(problems(found, check.title) for check in load_suite(name).checks)


@pytest.mark.parametrize("name", [name for name in STEPS if load_suite(name).forbids])
def test_what_is_forbidden_is_said_in_the_words_of_the_hidden_check(name, capsys):
    forbids = load_suite(name).forbids
    told = {"type": "Forbidden", "message": "convolution", "where": "", "line": ""}
    _, hidden = no_answer.raised("f", told, forbids, 0)[0].split("This step forbids")
    library = [wrong for wrong in wrong_answers(name) if wrong.library]
    assert library
    for wrong in library:
        found = [problem for problem in tried(name, wrong.sources).values() if problem and "forbids" in problem]
        assert found and all(problem.endswith(f"This step forbids{hidden}") for problem in found), wrong.name


@pytest.mark.parametrize("name", STEPS)
def test_a_lesson_forbids_what_its_suite_forbids(name):
    namespace: dict[str, Any] = {}
    exec(SHARED, namespace)
    own = cells(name)["visible-checks"].removeprefix(SHARED)
    said = [line for line in own.splitlines() if line.startswith("forbids")]
    for line in said:
        exec(line, namespace)
    assert namespace["forbids"] == load_suite(name).forbids
    assert namespace["matrix_products"] == PRODUCTS
    assert {family: tuple(words) for family, (_, *words) in namespace["families"].items()} == messages.RULES


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("flatten", "times_and_sum", answer_messages.NO_PRODUCT),
        ("flatten", "dot_for_each_position", answer_messages.MANY_PRODUCTS),
        ("flatten", "kernel_matrix_times_image", answer_messages.OTHER_PRODUCT),
        ("unfold", "multiplied_and_added_up", answer_messages.NO_BATCHED_PRODUCT),
        ("unfold", "one_product_for_each_image", answer_messages.MANY_BATCHED_PRODUCTS),
        ("large_kernel", "windows_after_all", answer_messages.NO_TRANSFORMS),
        ("conv2d", "result_requires_grad", answer_messages.HAS_GRADIENT),
        ("conv2d", "axes_added_in_place", answer_messages.CHANGED_ARGUMENT),
    ],
)
def test_how_an_answer_was_computed_is_told_in_the_words_of_the_hidden_checks(name, wrong, said, capsys):
    (known,) = (each for each in wrong_answers(name) if each.name == wrong)
    sizes = {
        "flatten": {"regions": "(20, 4)", "column": "(4, 1)", "count": 20, "listed": "(4) times (4) (20 times)"},
        "unfold": {
            "kernels": "(4, 18)",
            "columns": "(2, 18, 8)",
            "count": 2,
            "listed": "(4, 18) times (18, 8) (2 times)",
        },
        "large_kernel": {"count": 0},
        "conv2d": {"name": "kernel"},
    }[name]
    if wrong == "kernel_matrix_times_image":
        sizes["shapes"] = "(20, 30) times (30, 1)"
    assert said.format(**sizes) in tried(name, known.sources).values()


def test_a_forbidden_call_is_told_with_the_learners_own_line(monkeypatch, capsys):
    source = "import torch.nn.functional as F\n\ndef mine(x, k):\n    return F.conv2d(x, k)\n"
    filename = "<a learner's cell>"
    monkeypatch.setitem(linecache.cache, filename, (len(source), None, source.splitlines(True), filename))
    shared = (len(SHARED), None, SHARED.splitlines(True), "<the shared text>")
    monkeypatch.setitem(linecache.cache, shared[3], shared)
    namespace: dict[str, Any] = {}
    exec(compile(source, filename, "exec"), namespace)
    exec(compile(SHARED, shared[3], "exec"), namespace)
    namespace["visible_check"](
        "slides", namespace["mine"], torch.zeros(1), torch.ones(1, 1, 2, 2), torch.ones(1, 1, 1, 1)
    )
    told = {"name": "mine", "operation": "convolution", "where": "line 4", "line": "return F.conv2d(x, k)"}
    rule = no_answer.rule(["convolution"])
    assert namespace["tried"] == {"slides": messages.FORBIDDEN.format(**told, rule=rule)}


def test_offsets_have_the_shape_that_the_text_says(capsys):
    """An answer may work out OH and OW by the formula, and does not read them off the offsets."""
    by_formula = """
by_offset = deformable_conv2d


def deformable_conv2d(input, offset, kernel, bias=None, stride=1, padding=0):
    sizes = [(input.shape[a] + 2 * padding - kernel.shape[a]) // stride + 1 for a in (2, 3)]
    return by_offset(input, offset + torch.zeros(*offset.shape[:2], *sizes), kernel, bias, stride, padding)
"""
    assert not any(tried("deformable", (by_formula,)).values())


@pytest.mark.parametrize(
    ("name", "wrong", "call"),
    [
        ("api", "def output_size(size, kernel, stride=1, padding=0, dilation=1):\n    return 0", "(8, 3, dilation=3)"),
        ("separable", "def separable_parameter_count(*_):\n    return 76.0", "(3, 4, (2, 5))"),
        ("fully_connected", "def is_local(weight, radius):\n    return True", "(centre, 0)"),
    ],
)
def test_a_wrong_number_or_truth_is_told_with_its_call(name, wrong, call, capsys):
    run(name, (wrong,))
    said = capsys.readouterr().out
    assert f"{call}\nExpected " in said
    assert "At line" not in said and "whole raised" not in said
    if name == "fully_connected":
        assert "is further away than this one: centre[1, 1, 1, 0] is 1, at a distance of 1." in said
    if name == "separable":
        assert "got 76.0 (a float). // divides whole numbers." in said


def test_an_error_is_told_once_and_judges_nothing_else(capsys):
    source = (
        "def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):\n    return torch.ones(2)[9]"
    )
    end = run("conv2d", (source,))[1]
    said = capsys.readouterr().out
    assert said.count("out of bounds") == 1
    assert said.count("The same error as in “slides the kernel over the input”.") == 11
    assert "FAILED: leaves" not in said and "not judged: leaves its arguments unchanged\n" in said
    assert end.startswith("10 of the visible checks failed:\nslides")
    assert "\n2 could not be judged, since the call raised or its result is wrong:\nleaves" in end


def test_a_scalar_that_was_never_compared_is_not_invariant_by_luck(capsys):
    """A single row has nothing below it to compare; `max()` of nothing raises."""
    source = (
        "def is_translation_invariant(weight, tolerance):\n"
        "    down = weight[1:, :, 1:, :] - weight[:-1, :, :-1, :]\n"
        "    right = weight[:, 1:, :, 1:] - weight[:, :-1, :, :-1]\n"
        "    return bool(down.abs().max() <= tolerance and right.abs().max() <= tolerance)"
    )
    assert any(tried("fully_connected", (source,)).values())


def test_parameters_that_still_track_do_not_pass(capsys):
    source = (
        "plain = training_step\n\n\ndef training_step(*arguments, **options):\n"
        "    return tuple(each.requires_grad_() for each in plain(*arguments, **options))"
    )
    assert any("requires grad" in (problem or "") for problem in tried("network", (source,)).values())


def test_the_template_of_a_new_step_passes_its_own_visible_checks(capsys):
    notebook = nbformat.read(ROOT / "autograder" / "authoring" / "template" / "lesson.ipynb", as_version=4)
    sources = {cell.id: cell.source for cell in notebook.cells}
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for source in (PRELUDE, sources["solution"], SHARED, sources["visible-checks"]):
        exec(source, namespace)
    assert capsys.readouterr().out.endswith("All visible checks passed.\n")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("conv2d", "padding_at_the_end_only"), ("full", "last_channel_only"), ("pooling", "maximum_starts_at_zero")],
)
def test_a_known_mistake_is_named_in_the_words_of_the_feedback(name, wrong, capsys):
    (known,) = (each for each in wrong_answers(name) if each.name == wrong)
    assert run(name, known.sources)[1].endswith(f"\nThis looks like: {known.description} {known.hint}")


# Wrong answers that only the visible checks name, rightly: the hidden ones find a second mistake in them.
NAMED_HERE = {
    "kernel_turned_by_a_quarter": "kernel-turned-by-a-quarter",
    "last_windows_missed": "last-places-left-out",
    "size_read_as_width_and_height": "height-and-width-of-the-window-exchanged",
}


@pytest.mark.long
@pytest.mark.parametrize("name", STEPS)
def test_no_wrong_answer_is_told_a_mistake_that_it_has_not(name, capsys):
    known = {one.id: f"{one.description} {one.hint}" for one in wrong_answers(name)}
    ends = {one.id: run(name, one.sources)[1] for one in wrong_answers(name) if not one.library}
    named = {one for one, end in ends.items() if "This looks like" in end}
    assert len(named) > len(ends) / 3
    assert all(ends[one].endswith(f"This looks like: {known[one]}") for one in named)
    for stranger in strangers(name):
        _, looks_like, text = run(name, stranger.sources)[1].partition("\nThis looks like: ")
        right = {**IN_THE_BANK, **NAMED_HERE}.get(stranger.name)
        assert not looks_like or text == known.get(right or ""), stranger.name


def test_a_mistake_that_is_not_known_has_no_name(capsys):
    known = next(each for each in wrong_answers("conv2d") if each.name == "padding_at_the_end_only")
    other = known.source.replace("+ bias", "+ bias + 0.25")
    assert other != known.source and "This looks like" not in run("conv2d", (other,))[1]
    assert run("conv2d")[1] == "" and "\nAll visible checks passed.\n" in capsys.readouterr().out
