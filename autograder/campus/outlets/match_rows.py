"""Match the rows of a campus system with learners by their ids, and never by a guess."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.campus.final_scores import FinalScores

# A campus system's id (number, login, e-mail address), and the learner's id in the gradebook.
Ids = Mapping[str, str]
NO_IDS: Ids = {}
UNKNOWN = "none of its ids is known here"
TWO_LEARNERS = "its ids belong to different learners: {names}"
TWO_ROWS = "another row has an id of {name}, too"


@dataclass(frozen=True)
class Match:
    """The learner that a row belongs to, or why there is none."""

    student: str | None
    why: str = ""


def matched(rows: Sequence[Sequence[str]], final: FinalScores, ids: Ids = NO_IDS) -> list[Match]:
    """Return a match for each row, which is given by its ids. A learner whom two rows claim gets neither."""
    known = _known(final, ids)
    found = [_match(keys, known) for keys in rows]
    rows_of = Counter(match.student for match in found)
    return [
        Match(None, TWO_ROWS.format(name=match.student)) if match.student and rows_of[match.student] > 1 else match
        for match in found
    ]


def _match(keys: Sequence[str], known: Mapping[str, str]) -> Match:
    students = {known[key] for key in map(_key, keys) if key in known}
    if len(students) > 1:
        return Match(None, TWO_LEARNERS.format(names=", ".join(sorted(students))))
    return Match(students.pop()) if students else Match(None, UNKNOWN)


def _known(final: FinalScores, ids: Ids) -> dict[str, str]:
    """Return the learner for each id. The gradebook's own ids win; an address of two learners belongs to neither."""
    addresses = Counter(_key(learner.email) for learner in final.everyone.values())
    known = {
        _key(learner.email): learner.id
        for learner in final.everyone.values()
        if learner.email and addresses[_key(learner.email)] == 1
    }
    known |= {_key(campus): student for campus, student in ids.items() if student in final.everyone}
    return known | {student.strip(): student for student in final.everyone}


def _key(text: str) -> str:
    """Return an id as it is compared. Addresses are alike whatever their case; other ids are not."""
    text = text.strip()
    return text.casefold() if "@" in text else text
