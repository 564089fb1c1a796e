"""Find out whose a hand-in is: by the campus system's number, by an id, or by a full name that only one learner has.

Nothing is guessed. Where the signs contradict each other, or fit nobody or several, the answer is a reason.
"""

from dataclasses import dataclass

from autograder.campus.arrivals.hand_in import Claim, Layout
from autograder.campus.roster import Member, Roster, wrong_with_id
from autograder.campus.roster_search import Directory, words
from autograder.campus.zip_reader import shown

NOBODY = "nobody in the roster has this number, id or name"
SEVERAL = "several learners fit: {names}"
CONTRADICTION = "the number or id is that of {one}, and the name is another's"
OTHER_NUMBER = "the name is that of {one}, who has another number in the roster"
READINGS = "the id in its name is not clear; a roster would tell"


@dataclass(frozen=True)
class Match:
    """Whose a hand-in is: `student` is an id, or `why` says why it is not known."""

    student: str = ""
    why: str = ""


class Matcher:
    """Matches claims in one archive against the roster; without one, ids are taken as they are."""

    def __init__(self, roster: Roster, layout: Layout) -> None:
        self._layout = layout
        self._directory = Directory(roster) if roster else None

    def match(self, claim: Claim) -> Match:
        """Return whose a hand-in is, or why that is not known."""
        return self._by_roster(claim, self._directory) if self._directory else _as_it_is(claim)

    def _by_roster(self, claim: Claim, directory: Directory) -> Match:
        by_number = directory.with_id(self._layout.number, claim.number) if self._layout.number else []
        found = {each.id: each for each in by_number}
        found |= {each.id: each for value in claim.ids for each in directory.called(value)}
        if len(found) > 1:
            return Match(why=SEVERAL.format(names=", ".join(sorted(found))))
        named = directory.named(claim.name)
        for each in found.values():
            if not _may_be_called(each, claim.name, named, lasting=self._layout.lasting):
                return Match(why=CONTRADICTION.format(one=each.id))
            return Match(each.id)
        if len(named) > 1:
            return Match(why=SEVERAL.format(names=", ".join(sorted(each.id for each in named))))
        for each in named:
            if self._layout.lasting and claim.number and getattr(each, self._layout.number):
                return Match(why=OTHER_NUMBER.format(one=each.id))
            return Match(each.id)
        return Match(why=NOBODY)


def _as_it_is(claim: Claim) -> Match:
    """Return the id that an archive's names say, where there is one reading of them."""
    if len(claim.ids) != 1:
        return Match(why=READINGS)
    fault = wrong_with_id(claim.ids[0])
    return Match(why=f"the id '{shown(claim.ids[0])}' {fault}") if fault else Match(claim.ids[0])


def _may_be_called(member: Member, name: str, namesakes: list[Member], *, lasting: bool) -> bool:
    """Return whether a learner may have a name that stands beside a number or an id.

    Moodle counts groups as it counts participants, so there a name has to share a word with the learner's.
    """
    if namesakes:
        return member in namesakes
    own = words(f"{member.full_name} {member.first_name} {member.last_name}")
    return lasting or not own or not words(name) or bool(own & words(name))
