"""What is said of hand-ins that are alike: whole sentences, each with how many of how many answers share something."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from autograder.overview.alike import FEWEST_ANSWERS, Alike, Finding, Kind, few
from autograder.overview.needs_help import listed
from autograder.report.counts import counted
from autograder.sanitize import clean, one_line

TITLE = "Hand-ins that are alike"
CAUTION = (
    "For a person to look at. Answers of ten lines look alike, and so do those of learners who talk to each other or "
    "read the same page. Nothing here shows who wrote what, or that anybody did wrong. Ask before you conclude."
)
RESULTS = (
    "{step}: the first calls that failed returned the same, and no known mistake explains it: {details} ({rarity})."
)
CODE = "{step}: the same code but for names, annotations, comments and layout, in {details} ({rarity})."
SPELLED = "{step}: the same code names included, but for annotations, comments and layout, in {details} ({rarity})."
NAMES = "{step}: the same names, which neither the course nor any other answer uses: {details} ({rarity})."
RARITY = "{count} of {answers} answers"
COMPARED = "{answers} in {step} were compared. What more than {few} of them share is left out: it is common."
TOO_FEW = "Too few to call anything rare, that is, fewer than {fewest} answers to compare: {steps}."
NOTHING = "No answers share anything that is rare here."
MOST_DETAILS, LONGEST_DETAIL = 8, 40
MORE_DETAILS = "{count} more"
WORDS: Mapping[tuple[Kind, bool], str] = {
    (Kind.RESULTS, False): RESULTS,
    (Kind.CODE, False): CODE,
    (Kind.CODE, True): SPELLED,
    (Kind.NAMES, False): NAMES,
}


def sentence(finding: Finding) -> str:
    """Return what some learners share, and how rare it is."""
    quoted = finding.kind is Kind.RESULTS
    details = [_short(each, quoted=quoted) for each in finding.details[:MOST_DETAILS]]
    if left := len(finding.details) - len(details):
        details.append(MORE_DETAILS.format(count=left))
    return WORDS[finding.kind, finding.spelled_alike].format(
        step=finding.assignment,
        details=listed(details),
        rarity=RARITY.format(count=len(finding.learners), answers=finding.answers),
    )


def limits(found: Alike) -> list[str]:
    """Return what was compared, and what was not."""
    lines = [
        COMPARED.format(answers=counted(answers, "answer"), step=step, few=few(answers))
        for step, answers in found.answers.items()
        if answers >= FEWEST_ANSWERS
    ]
    if found.too_few:
        lines.append(TOO_FEW.format(fewest=FEWEST_ANSWERS, steps=listed(found.too_few)))
    return lines


def as_json(found: Alike) -> dict[str, Any]:
    """Return the groups for programs. Learners are ids."""
    return {"answers": dict(found.answers), "too_few": found.too_few, "groups": [asdict(each) for each in found.groups]}


def _short(text: str, *, quoted: bool) -> str:
    shown = one_line(clean(text))
    if quoted:
        return f"“{shown}”"
    return shown if len(shown) <= LONGEST_DETAIL else f"{shown[:LONGEST_DETAIL]}…"
