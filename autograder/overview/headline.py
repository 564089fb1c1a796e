"""Say in two or three sentences what is worth talking about, from numbers alone."""

from collections.abc import Sequence

from autograder.overview.mistakes import Mistake
from autograder.overview.needs_help import listed
from autograder.overview.statistics import CheckFigures, StepFigures
from autograder.report.counts import counted

# A mistake that one learner makes is nothing to talk about with a class.
FEWEST, MOST_TIED = 2, 2
NOBODY = "Nothing was handed in."
NOT_GRADED = "Nothing is graded as it stands. Run `autograder grade`."
COMMONEST = "The commonest misunderstanding{where}, in {count} of {answers}: {sentence}"
TIED = "The two commonest misunderstandings, {learners} each: {sentences}"
MANY_TIED = "{count} misunderstandings are equally common: {learners} each."
NONE_SHARED = "No named mistake is shared by two learners."
HARDEST = "The hardest check{where} is “{title}”: it failed for {failed} of the {tried} for whom it was tried."
HARDEST_TIED = "The two hardest checks are {titles}: each failed for {percent} of those for whom it was tried."
HARDEST_MANY = "{count} checks are equally hard: each failed for {percent} of those for whom it was tried."
ALL_PASSED = "No check failed for anybody."
HELP_ONE, HELP = "1 learner may need help.", "{count} learners may need help."


def headline(figures: Sequence[StepFigures], mistakes: Sequence[Mistake], needing_help: int) -> list[str]:
    """Return the sentences that stand on top. `mistakes` are those of all these steps."""
    if not any(each.handed_in for each in figures):
        return [NOBODY]
    if not any(each.graded for each in figures):
        return [NOT_GRADED]
    several = len(figures) > 1
    sentences = [_commonest(mistakes, several), _hardest(figures, several)]
    sentences += [HELP_ONE if needing_help == 1 else HELP.format(count=needing_help)] if needing_help else []
    return [sentence for sentence in sentences if sentence]


def _commonest(mistakes: Sequence[Mistake], several: bool) -> str:
    if not mistakes:
        return ""
    most = max(len(each.learners) for each in mistakes)
    if most < FEWEST:
        return NONE_SHARED
    top = [each for each in mistakes if len(each.learners) == most]
    learners = counted(most, "learner")
    if len(top) > MOST_TIED:
        return MANY_TIED.format(count=len(top), learners=learners)
    if len(top) > 1:
        sentences = (f"{each.sentence}{_where(each.assignment, several, '(in {})')}" for each in top)
        return TIED.format(learners=learners, sentences=" ".join(sentences))
    (mistake,) = top
    return COMMONEST.format(
        where=_where(mistake.assignment, several),
        count=most,
        answers=counted(mistake.answers, "answer"),
        sentence=mistake.sentence,
    )


def _hardest(figures: Sequence[StepFigures], several: bool) -> str:
    found = [(step.assignment.id, check) for step in figures for check in step.hardest]
    if not found:
        enough = [check for step in figures for check in step.checks if check.difficulty is not None]
        return ALL_PASSED if enough and not any(c.failed for step in figures for c in step.checks) else ""
    most = max(_difficulty(check) for _, check in found)
    top = [(step, check) for step, check in found if check.difficulty == most]
    if len(top) > MOST_TIED:
        return HARDEST_MANY.format(count=len(top), percent=f"{most:.0%}")
    if len(top) > 1:
        titles = listed([f"“{check.title}”{_where(step, several)}" for step, check in top])
        return HARDEST_TIED.format(titles=titles, percent=f"{most:.0%}")
    ((step, check),) = top
    return HARDEST.format(where=_where(step, several), title=check.title, failed=check.failed, tried=check.tried)


def _difficulty(check: CheckFigures) -> float:
    return check.difficulty or 0.0


def _where(step: str, several: bool, words: str = "in {}") -> str:
    """Return the step in words if there are several, with a space before it."""
    return f" {words.format(step)}" if several else ""
