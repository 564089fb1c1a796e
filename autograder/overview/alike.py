"""Find hand-ins that are alike in a way that is rare among these learners: for a person to look at, no verdict."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from autograder.notebooks.master import functions_to_write
from autograder.notebooks.normal_form import Function, fills
from autograder.overview.class_data import ClassData
from autograder.overview.own_code import OwnCode, own_code
from autograder.overview.usual import Usual

# Among fewer answers, nothing can be called rare.
FEWEST_ANSWERS = 10
# What more learners share is common: at most this share of the answers, but always two, and never more than a group
# that works together.
SHARE, LEAST_FEW, MOST_FEW = 0.03, 2, 5
# Shorter code has few ways to differ. In parts of the syntax tree; ten plain lines have about a hundred.
LEAST_SIZE = 60
FEWEST_NAMES, SHORTEST_NAME = 3, 4


class Kind(StrEnum):
    """What hand-ins share."""

    RESULTS = "wrong results"
    CODE = "code"
    NAMES = "names"


@dataclass(frozen=True)
class Finding:
    """What some learners share in one assignment, and nobody else of the `answers` that were compared.

    `details` are titles of failed checks, names of functions, or the shared names. `spelled_alike` is true for code
    whose names are the same, too.
    """

    assignment: str
    kind: Kind
    learners: tuple[str, ...]
    answers: int
    details: tuple[str, ...]
    spelled_alike: bool = False


@dataclass(frozen=True)
class Group:
    """Learners and all that exactly these learners share."""

    learners: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Alike:
    """The groups, those with most findings first, and how many answers were compared in each assignment.

    `too_few` are assignments with too few answers to call anything rare.
    """

    groups: tuple[Group, ...]
    answers: Mapping[str, int]
    too_few: tuple[str, ...]

    @property
    def compared(self) -> bool:
        """Return whether there is an assignment with enough answers."""
        return any(answers >= FEWEST_ANSWERS for answers in self.answers.values())


def alike(data: ClassData) -> Alike:
    """Return what few of these learners share. Reads their notebooks as text, and compares by digests, not in pairs."""
    usual = Usual(data.course)
    compared, too_few, findings = dict[str, int](), list[str](), list[Finding]()
    for assignment in data.assignments:
        code = own_code(data, assignment.id, usual)
        compared[assignment.id] = len(code)
        if len(code) < FEWEST_ANSWERS:
            too_few += [assignment.id] if code else []
            continue
        findings += same_results(data, assignment.id)
        by_code = same_code(data, assignment.id, code, usual)
        spelled = {finding.learners for finding in by_code if finding.spelled_alike}
        # Where the code is the same with its names, the names alone add nothing.
        by_names = same_names(data, assignment.id, code, usual)
        findings += [*by_code, *(finding for finding in by_names if finding.learners not in spelled)]
    return Alike(_groups(findings), compared, tuple(too_few))


def few(answers: int) -> int:
    """Return how many learners may share something that is called rare among so many answers."""
    return max(LEAST_FEW, min(MOST_FEW, int(answers * SHARE)))


def same_results(data: ClassData, assignment: str) -> list[Finding]:
    """Return who failed the same calls with the same wrong results, of no known mistake."""
    entries = {entry.student: entry for entry in data.of(assignment) if entry.has_answer}
    shared = _shared(((entry.wrong_results, student) for student, entry in entries.items()), few(len(entries)))
    return [
        Finding(assignment, Kind.RESULTS, learners, len(entries), entries[learners[0]].failed)
        for learners in shared.values()
    ]


def same_code(data: ClassData, assignment: str, code: Mapping[str, OwnCode], usual: Usual) -> list[Finding]:
    """Return who wrote the same functions but for names, comments and layout; not what the course itself holds."""
    skeletons = usual.skeletons(assignment)
    forms = ((each.form, student) for student, own in code.items() for each in own.values())
    found: dict[tuple[str, ...], list[str]] = {}
    for form, learners in _shared(forms, few(len(code))).items():
        own = next(each for each in code[learners[0]].values() if each.form == form)
        if own.size >= LEAST_SIZE and form not in usual.forms and not any(fills(own.tokens, s) for s in skeletons):
            found.setdefault(learners, []).append(form)
    return [_same_code(assignment, learners, forms, code) for learners, forms in found.items()]


def _same_code(
    assignment: str, learners: tuple[str, ...], forms: Collection[str], code: Mapping[str, OwnCode]
) -> Finding:
    theirs = [[each for each in code[one].values() if each.form in forms] for one in learners]
    spelled = {frozenset(each.spelled for each in own) for own in theirs}
    names = tuple(dict.fromkeys(each.name for each in theirs[0]))
    return Finding(assignment, Kind.CODE, learners, len(code), names, spelled_alike=len(spelled) == 1)


def same_names(data: ClassData, assignment: str, code: Mapping[str, OwnCode], usual: Usual) -> list[Finding]:
    """Return who chose several of the same names that neither the course nor other learners use."""
    given = usual.words | set(functions_to_write(data.course, assignment))
    names = ((name, student) for student, own in code.items() for name in _own_names(own.values()) - given)
    found: dict[tuple[str, ...], list[str]] = {}
    for name, learners in _shared(names, few(len(code))).items():
        found.setdefault(learners, []).append(name)
    return [
        Finding(assignment, Kind.NAMES, learners, len(code), tuple(sorted(names)))
        for learners, names in found.items()
        if len(names) >= FEWEST_NAMES
    ]


def _own_names(functions: Iterable[Function]) -> frozenset[str]:
    return frozenset(name for each in functions for name in each.names if len(name) >= SHORTEST_NAME)


def _shared(pairs: Iterable[tuple[str, str]], most: int) -> dict[str, tuple[str, ...]]:
    """Return who has each key, where that is more than one learner and at most so many."""
    who: dict[str, dict[str, None]] = {}
    for key, student in pairs:
        if key:
            who.setdefault(key, {})[student] = None
    return {key: tuple(sorted(students)) for key, students in who.items() if 1 < len(students) <= most}


def _groups(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """Put together what the same learners share, in one assignment or several: the most telling groups first."""
    by_learners: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        by_learners.setdefault(finding.learners, []).append(finding)
    groups = [Group(learners, tuple(found)) for learners, found in by_learners.items()]
    return tuple(sorted(groups, key=lambda group: (-len(group.findings), len(group.learners), group.learners)))
