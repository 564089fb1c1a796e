"""A check: every case is tried until one is wrong, a wrong helper gets a right one in its place, and that decides."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from autograder.course import Assignment, Course
from autograder.errors import Problem
from autograder.sandbox.answers import Answer, Wrong
from autograder.suite.cases import Case, Space
from autograder.suite.check import Check, Learner, check
from autograder.suite.load import check_points, load_suite


def double(x: int) -> int:
    """Return what the functions here should return."""
    return 2 * x


SPACE = Space("f", lambda draw: {"x": draw.row["x"]}, double, {"x": (3, 1, 2)}, positional=("x",), at_least=3)
OTHER = Space("half", lambda draw: {"x": draw.row["x"]}, double, {"x": (4, 5)}, positional=("x",), at_least=2)


class Fake:
    """A session that answers requests with `answer`, and remembers them in order."""

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer or (lambda request: double(*self.arguments(request).values()))
        self.requests: list[Any] = []
        self.announced: list[Any] = []
        self.foreseen: list[Any] = []
        self.announced_after = 0

    @staticmethod
    def arguments(request: Any) -> dict[str, int]:
        return {name: int(value["number"]) for name, value in request.header["arguments"].items()}

    def ask(self, request: Any) -> Answer:
        self.requests.append(request)
        return Answer(self.answer(request))

    def renew(self) -> None:
        """Do nothing: no function was lent."""

    def foresee(self, request: Any) -> None:
        self.foreseen.append(request)

    def ahead(self, requests: Any) -> None:
        self.announced += requests
        self.announced_after = len(self.requests)


def learner_with(answer: Any = None, **facts: Any) -> Learner:
    return Learner(Fake(answer), 7, **facts)


@pytest.fixture
def doubles() -> Any:
    """Return a check of f."""

    @check(points=2, cases=SPACE)
    def test_doubles(learner: Learner, case: Case) -> None:
        """doubles a number"""
        if learner.call(case).value != case.expected:
            raise Wrong("No.", got=case.arguments["x"])

    return test_doubles


@pytest.fixture
def builds(doubles: Any) -> Any:
    """Return a check of half and of f, where half may call f."""

    @check(points=1, after=doubles, helper=doubles, cases=(OTHER, SPACE))
    def test_builds(learner: Learner, case: Case) -> None:
        """
        builds on it
        """
        if learner.call(case, watch=True).value != case.expected:
            raise Wrong("Not this either.")

    return test_builds


def test_a_check_is_what_its_function_says(doubles, builds):
    one, other = doubles.check, builds.check
    assert (one.id, one.title, one.points, one.after) == ("doubles", "doubles a number", 2, ())
    assert (one.spaces, one.helper) == ((SPACE,), None)
    assert (other.id, other.title, other.points, other.after) == ("builds", "builds on it", 1, ("doubles",))
    assert other.spaces == (OTHER, SPACE) and other.helper is one
    names = [getattr(doubles, name) for name in ("__name__", "__doc__", "__module__")]
    assert names == ["test_doubles", "doubles a number", __name__]


def test_both_kinds_of_need_are_taken(doubles, builds):
    def test_body(learner: Learner, case: Case) -> None:
        """has two needs"""

    assert check(points=1, after=(doubles, builds), cases=SPACE)(test_body).check.after == ("doubles", "builds")
    assert check(points=0.5, cases=(SPACE,))(test_body).check.spaces == (SPACE,)


def misused(body: Any, **arguments: Any) -> str:
    """Return what an author reads who decorates this function with these arguments."""
    with pytest.raises(Problem) as raised:
        check(**{"points": 1, "cases": SPACE} | arguments)(body)
    return str(raised.value)


def test_a_check_that_means_nothing_is_refused_with_its_file_line_and_remedy(doubles):
    def test_body(learner: Learner, case: Case) -> None:
        """has a title"""

    def untitled(learner: Learner, case: Case) -> None:
        pass

    line = f"{__file__}:{test_body.__code__.co_firstlineno}: test_body "
    remedy = "Give it a number above 0, as @check(points=2, …)."
    for points in (0, -1, "2"):
        assert misused(test_body, points=points) == f"{line}gives {points!r} points. {remedy}"
    for cases in ((), 3, (SPACE, None)):
        assert misused(test_body, cases=cases).startswith(f"{line}has cases that are no space. Pass a Space")
    for others in ({"after": len}, {"after": (doubles, "doubles")}, {"helper": len}):
        assert misused(test_body, **others).startswith(f"{line}names something after or as its helper that is no check")
        assert misused(test_body, **others).endswith("Pass the functions of checks above it, as after=test_slides.")
    assert "untitled is not named test_…, so pytest does not find it. Name it test_untitled." in misused(untitled)
    untitled.__name__ = "test_untitled"
    assert "test_untitled has no docstring. Give it one" in misused(untitled)


def test_cases_come_smallest_first_and_the_rest_is_announced_after_the_first(doubles, builds):
    learner = learner_with()
    doubles(learner)
    inputs = [Fake.arguments(request)["x"] for request in learner.session.requests]
    assert inputs == [1, 2, 3]
    assert learner.session.announced == learner.session.requests[1:] and learner.session.announced_after == 1
    assert doubles.check.drawn(7) is doubles.check.drawn(7) is not doubles.check.drawn(8)
    assert [case.arguments for case in builds.check.drawn(7)] == [{"x": x} for x in (1, 2, 3, 4, 5)]


def test_a_submission_s_own_cases_come_last(builds):
    assert builds.check.drawn_for("", 7) == ()
    own = builds.check.drawn_for("digest", 7)
    assert [case.function for case in own] in (["f", "half"], ["half", "f"])
    assert own is builds.check.drawn_for("digest", 7)
    assert own is not builds.check.drawn_for("another", 7) and own is not builds.check.drawn_for("digest", 8)
    learner = learner_with(digest="digest")
    builds(learner)
    asked = [(request.function, Fake.arguments(request)) for request in learner.session.requests]
    assert asked == [(case.function, case.arguments) for case in (*builds.check.drawn(7), *own)]


def test_a_case_is_found_in_its_space(doubles, builds):
    for case in builds.check.drawn(7):
        assert builds.check.space_of(case) is {"f": SPACE, "half": OTHER}[case.function]
    (case, *_) = doubles.check.drawn(7)
    assert doubles.check.space_of(replace(case, row={**case.row, "more": 1})) is SPACE
    for stranger in (replace(case, function="half"), replace(case, row={"y": 1})):
        assert doubles.check.space_of(stranger) is None


def test_the_first_wrong_case_ends_it_and_is_kept(doubles):
    learner = learner_with(lambda request: 4)
    with pytest.raises(Wrong, match=r"No\.") as caught:
        doubles(learner)
    assert caught.value.case is doubles.check.drawn(7)[0] and len(learner.session.requests) == 1
    assert not learner.session.announced
    learner = learner_with(lambda request: 2)
    with pytest.raises(Wrong) as caught:
        doubles(learner)
    assert caught.value.case is doubles.check.drawn(7)[1] and caught.value.got == 2


def test_a_case_that_the_body_named_stays(doubles):
    named = doubles.check.drawn(7)[2]

    def test_body(learner: Learner, case: Case) -> None:
        """names a case itself"""
        raise Wrong("No.", case=named)

    with pytest.raises(Wrong) as caught:
        check(points=1, cases=SPACE)(test_body)(learner_with())
    assert caught.value.case is named


def with_right_helper(request: Any) -> int:
    """Return right answers for other functions only where the course's own f is in place."""
    right = request.function == "half" and set(request.header.get("instead", {})) == {"f"}
    return double(*Fake.arguments(request).values()) if right or request.function == "f" else 0


def test_a_wrong_helper_is_replaced_only_where_it_failed(builds):
    with pytest.raises(Wrong, match="Not this either"):
        builds(learner_with(with_right_helper))
    learner = learner_with(with_right_helper, failed={"doubles"})
    builds(learner)
    assert learner.helped == {"builds": "f"} and not learner.instead
    # The rest was announced with the helper in place, too.
    assert {tuple(request.header.get("instead", {})) for request in learner.session.announced} == {(), ("f",)}
    learner = learner_with(lambda request: 0, failed={"doubles"})
    with pytest.raises(Wrong, match="Not this either"):
        builds(learner)


def test_nobody_is_helped_with_the_function_that_is_asked_about(builds):
    helped = learner_with(failed={"doubles"}).with_help(builds.check)
    for case in builds.check.drawn(7):
        helped.call(case)
    given = {request.function: set(request.header.get("instead", {})) for request in helped.session.requests}
    assert given == {"f": set(), "half": {"f"}}
    assert helped.failed == {"doubles"} and helped.key == 7


def test_without_a_failed_helper_a_learner_stays_itself(doubles, builds):
    learner = learner_with()
    assert learner.with_help(builds.check) is learner and learner.with_help() is learner
    failed = learner_with(failed={"doubles"})
    assert failed.with_help(doubles.check) is failed
    assert failed.with_help(doubles.check, builds.check) is not failed


def test_what_a_call_asks_for_is_passed_on():
    learner = learner_with()
    (case, *_) = OTHER.drawn(7, "builds")
    learner.call(case, watch=True, after=True)
    (request,) = learner.session.requests
    assert request.header["watch"] is True and request.header["after"] is True and "instead" not in request.header
    learner.ahead([case])
    assert learner.session.announced == [request]
    learner.call(case)
    assert "watch" not in learner.session.requests[-1].header and learner.options == ()


def test_calls_are_foreseen_where_an_answer_is_expected_of_the_learners_own(builds):
    learner = learner_with(failed={"doubles"})
    (case, *_) = OTHER.drawn(7, "builds")
    learner.call(case)
    learner.call(replace(case, expected=None))
    learner.with_help(builds.check).call(case)
    assert learner.session.foreseen == learner.session.requests[:1]


def test_a_stand_in_needs_nothing_else(doubles):
    scope: dict[str, Any] = {}
    exec(doubles.check.stand_in["f"], scope)
    assert scope["f"](21) == 42 and scope["torch"] is torch


def test_a_suite_has_its_checks_in_order_and_its_functions_once():
    one = load_suite("transposed")
    assert [check.id for check in one.checks][:3] == ["helper", "matrix", "matrix_rectangles"]
    assert all(isinstance(check, Check) for check in one.checks)
    assert one.functions == (
        "get_kernel_matrix", "matrix_multiplication_for_conv_transpose2d", "conv_transpose2d_by_padding",
    )  # fmt: skip
    assert one.path.name == "test_transposed.py" and one.path.is_file() and one.forbids == ("convolution",)
    assert load_suite("flatten").forbids == ("convolution", "unfold")
    with pytest.raises(Problem, match="the assignment 'none' has no hidden suite"):
        load_suite("none")


def test_points_that_do_not_share_out_are_told_for_any_assignment(the_course: Course):
    check_points(the_course)
    bad = the_course.model_copy(update={"assignments": (Assignment(id="conv2d", points=0.33, due=None),)})
    with pytest.raises(Problem, match=r"conv2d: 0\.33 points do not share out"):
        check_points(bad)
