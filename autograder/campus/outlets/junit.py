"""Write final scores as JUnit's XML: a suite for each submission, a case for each check, points as properties."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from autograder.campus.check_scores import CheckScore
from autograder.campus.final_scores import FinalScore, FinalScores
from autograder.campus.made import Made, remarks_on
from autograder.report.counts import points_of, rounded
from autograder.report.report import Outcome
from autograder.sanitize import clean

TAGS = {Outcome.FAILED: "failure", Outcome.ERROR: "error", Outcome.SKIPPED: "skipped"}
COUNTS = (("failures", Outcome.FAILED), ("errors", Outcome.ERROR), ("skipped", Outcome.SKIPPED))


def make(final: FinalScores) -> Made:
    """Return the XML of all submissions that are graded."""
    root = Element("testsuites")
    scores = [
        score for learner in final.learners for name in final.assignments if (score := final.of(learner.id, name))
    ]
    for score in scores:
        _suite(root, score)
    _count(root, [check for score in scores for check in score.checks])
    ElementTree.indent(root)
    return Made(ElementTree.tostring(root, "utf-8", xml_declaration=True) + b"\n", tuple(remarks_on(final)))


def _suite(root: Element, score: FinalScore) -> None:
    suite = SubElement(root, "testsuite", name=f"{score.assignment}: {_text(score.student)}")
    _count(suite, score.checks)
    if score.handed_in:
        suite.set("timestamp", f"{score.handed_in:%Y-%m-%dT%H:%M:%S}")
    status = "needs manual grading" if score.needs_manual else "graded"
    points = {"score": score.score, "max_score": score.maximum, "late_penalty": score.penalty}
    _properties(suite, {"student": _text(score.student), "assignment": score.assignment, "status": status}, points)
    for check in score.checks:
        _case(suite, score.assignment, check)


def _case(suite: Element, assignment: str, check: CheckScore) -> None:
    case = SubElement(suite, "testcase", classname=f"{assignment}.{check.id}", name=_text(check.title), time="0")
    points = {} if check.score is None else {"score": check.score}
    _properties(case, {}, points | {"max_score": check.max_score})
    if check.outcome in TAGS:
        lines = _text(check.message).splitlines()
        got = "no score yet" if check.score is None else points_of(check.score, check.max_score)
        problem = SubElement(case, TAGS[check.outcome], message=lines[0] if lines else got)
        if check.outcome is not Outcome.SKIPPED:
            problem.set("type", str(check.outcome))
        problem.text = "\n".join(lines)


def _properties(parent: Element, words: dict[str, str], numbers: dict[str, float]) -> None:
    properties = SubElement(parent, "properties")
    for name, value in {**words, **{name: rounded(number) for name, number in numbers.items()}}.items():
        SubElement(properties, "property", name=name, value=value)


def _count(element: Element, checks: list[CheckScore] | tuple[CheckScore, ...]) -> None:
    element.set("tests", str(len(checks)))
    for name, outcome in COUNTS:
        element.set(name, str(sum(check.outcome is outcome for check in checks)))
    element.set("time", "0")


def _text(text: str) -> str:
    """Return text that XML can hold."""
    return clean(text)
