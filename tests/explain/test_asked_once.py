"""What is known already is not asked for, looked for or drawn again."""

from dataclasses import replace
from typing import Any, ClassVar

import pytest
import torch

from autograder.explain import diagnose, reactions, smallest_call
from autograder.explain.picture import panels
from autograder.explain.picture.panels import Column, Drawing, Grid
from autograder.explain.reactions import KnownReactions, checks_of, class_reactions
from autograder.explain.recall import recalling
from autograder.notebooks.read import Cell
from autograder.sandbox.answers import Answer, Raised, Wrong
from autograder.sandbox.in_process import InProcess
from autograder.suite.check import Learner
from autograder.suite.known_answers import PRELUDE, KnownAnswer, wrong_answers
from autograder.suite.load import load_suite

KEY = 2026
SUITE = load_suite("conv2d")
FUNCTION = "matrix_multiplication_for_conv2d"
CHECKS = {check.id: check for check in SUITE.checks}
WRONG = {each.name: each for each in wrong_answers("conv2d")}
PADDING = WRONG["padding_at_the_end_only"]


class Counted(InProcess):
    """Counts the calls, and keeps their answers as the sandbox does."""

    made: ClassVar[list["Counted"]] = []

    def __init__(self, submission: Any, prelude: str = PRELUDE) -> None:
        super().__init__(submission, prelude)
        self.asked = 0
        self.made.append(self)

    def ask(self, request: Any) -> Answer:
        self.asked += 1
        try:
            answer = super().ask(request)
        except Raised as raised:
            self.kept.setdefault(request, raised)
            raise
        self.kept.setdefault(request, answer)
        return answer


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Counted]:
    """Return the sessions of known mistakes that a test starts."""
    monkeypatch.setattr(reactions, "InProcess", Counted)
    monkeypatch.setattr(Counted, "made", [])
    reactions.known_reactions.cache_clear()
    return Counted.made


def learner_of(known: KnownAnswer, *more: str) -> Learner:
    cells = (*known.submission.cells, *(Cell("more", source) for source in more))
    return Learner(Counted(replace(known.submission, cells=cells)), KEY)


def test_an_answer_that_is_kept_is_repeated():
    learner = learner_of(PADDING)
    first = class_reactions(SUITE, learner, FUNCTION)
    asked = learner.session.asked
    again = class_reactions(SUITE, recalling(learner), FUNCTION)
    assert learner.session.asked == asked > 0
    assert first.keys() == again.keys()
    assert all(reaction.same_as(again[at]) for at, reaction in first.items())


def test_what_is_not_kept_is_asked_for():
    learner = learner_of(PADDING)
    class_reactions(SUITE, learner, FUNCTION)
    asked = learner.session.asked
    request = next(iter(learner.session.kept))
    del learner.session.kept[request]
    class_reactions(SUITE, recalling(learner), FUNCTION)
    assert learner.session.asked == asked + 1


def test_a_known_mistake_is_called_only_as_far_as_somebody_asks(counted):
    known = KnownReactions([*checks_of(SUITE, FUNCTION)], PADDING, KEY)
    places = [*known]
    assert len(known) == len(places) > 20
    assert places[3] in known.keys() and ("slides", 1000) not in known  # noqa: SIM118
    assert not counted
    assert known[places[0]].accepted
    assert counted[0].asked == 1
    # The calls before it come first, since a mistake may remember them; none is made twice.
    assert known[places[9]] is known[places[9]]
    assert counted[0].asked == 10
    assert dict(known).keys() == known.keys()
    assert counted[0].asked == len(places)


def test_a_mistake_without_an_answer_is_like_nobody(counted):
    unfinished = replace(PADDING, before=f"{PADDING.before}\n", body=_unfinished, name="_unfinished")
    known = KnownReactions([*checks_of(SUITE, FUNCTION)], unfinished, KEY)
    mine = class_reactions(SUITE, learner_of(PADDING), FUNCTION)
    assert len(known) == len(mine)
    assert not any(reaction.answered for reaction in known.values())
    assert not any(reaction.same_as(known[at]) or reaction.like(known[at]) for at, reaction in mine.items())
    raised = [reactions.Reaction(False, raised="TypeError")] * 2
    assert raised[0].like(raised[1]) and not raised[0].like(next(iter(known.values())))


def _unfinished(input, kernel, stride=1, padding=0):
    raise NotImplementedError


def test_a_mistake_that_fails_a_check_which_the_learner_passes_is_not_called(counted):
    mine = learner_of(PADDING)
    named = diagnose.diagnose(SUITE, mine, ["padding"])
    assert named == {"padding": PADDING}
    bank = {session.submission.name for session in counted if session is not mine.session}
    fail_more = {each.name for each in WRONG.values() if not each.library and "slides" in each.checks}
    assert fail_more and bank and not bank & fail_more


def test_learners_with_the_same_mistake_get_the_same_smallest_call():
    smallest_call._of_mistake.cache_clear()
    found, asked = [], []
    for _ in range(2):
        learner = learner_of(PADDING)
        wrong = wrong_in("padding", learner)
        before = learner.session.asked
        found.append(smallest_call.smallest_call(learner, CHECKS["padding"], wrong, PADDING, 100))
        asked.append(learner.session.asked - before)
    assert asked == [1, 1]
    assert found[0].shrunk and found[0].case is found[1].case
    alone = smallest_call.smallest_call(learner, CHECKS["padding"], wrong, None, 100)
    assert all(
        torch.equal(torch.as_tensor(value), torch.as_tensor(found[0].case.arguments[name]))
        for name, value in alone.case.arguments.items()
    )
    assert torch.equal(alone.got, found[0].got)


@pytest.mark.parametrize(
    ("mine", "other"), [("kernel_flipped", "kernel_transposed"), ("mean_for_the_sum", "kernel_flipped")]
)
def test_a_call_of_another_mistake_is_not_shown(mine, other):
    """Both go wrong on it, but with other values. So the learner's own smallest call is found."""
    learner = learner_of(WRONG[mine])
    wrong = wrong_in("slides", learner)
    alone, with_other = (
        smallest_call.smallest_call(learner, CHECKS["slides"], wrong, mistake, 100) for mistake in (None, WRONG[other])
    )
    not_shown = smallest_call._of_mistake(CHECKS["slides"], WRONG[other], KEY, 100).case
    assert wrong_on(not_shown, learner)
    assert with_other.shrunk and with_other.case is not not_shown
    assert torch.equal(with_other.got, alone.got)


def wrong_on(case: Any, learner: Learner) -> bool:
    with pytest.raises(Wrong):
        CHECKS["slides"].body(learner, case)
    return True


def wrong_in(check: str, learner: Learner) -> Wrong:
    with pytest.raises(Wrong) as raised:
        CHECKS[check].try_all(learner)
    return raised.value


def test_the_same_drawing_is_drawn_once():
    def drawing(text: str) -> Drawing:
        grid = Grid("title", {(0, 0): text}, [0], [0])
        return Drawing([Column([grid])], ["caption"])

    assert panels.png(drawing("1")) is panels.png(drawing("1"))
    assert panels.png(drawing("1")) != panels.png(drawing("2"))
    assert panels.png(replace(drawing("1"), caption=["another"])) != panels.png(drawing("1"))
