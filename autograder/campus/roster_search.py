"""Find learners of the roster by an id, or by the full name: exactly, never by what looks alike."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from autograder.campus.roster import Member

# Fields that belong to one learner alone.
ID_FIELDS = ("id", "canvas_id", "sis_id", "login", "email", "student_number", "moodle_ids")
# What somebody may be called by: not the numbers by which campus systems count.
CALLED = ("id", "login", "email", "sis_id", "student_number")
# The case of an address and of a login does not matter.
ANY_CASE = ("login", "email")
# Letters, marks and digits: what campus systems leave of a name in the name of a file.
IN_NAMES = ("L", "M", "N")
NO_WORD = re.compile(r"\W+")


class Directory:
    """The learners of a roster, by their ids and by their names."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._by_id: dict[tuple[str, str], list[Member]] = defaultdict(list)
        self._by_name: dict[str, list[Member]] = defaultdict(list)
        for member in members:
            for key in keys_of(member):
                self._by_id[key].append(member)
            for name in spellings(member):
                self._by_name[name].append(member)

    def with_id(self, field: str, value: str) -> list[Member]:
        """Return the learners with this value in a field."""
        return self._by_id.get((field, folded(field, value)), []) if value else []

    def called(self, value: str) -> list[Member]:
        """Return the learners who have a text as id, login, address or student number."""
        found = {member.id: member for field in CALLED for member in self.with_id(field, value)}
        return list(found.values())

    def named(self, name: str) -> list[Member]:
        """Return the learners with this full name, whichever of its parts comes first."""
        return self._by_name.get(squeezed(name), []) if squeezed(name) else []


def keys_of(member: Member) -> list[tuple[str, str]]:
    """Return the fields of a member that hold ids, each with an id as it is compared."""
    return [(field, folded(field, value)) for field in ID_FIELDS for value in ids_in(field, getattr(member, field))]


def ids_in(field: str, value: str) -> list[str]:
    """Return the ids in a field. Only Moodle has several for one learner."""
    return value.split() if field == "moodle_ids" else [value] if value else []


def folded(field: str, value: str) -> str:
    """Return an id as it is compared."""
    return value.casefold() if field in ANY_CASE else value


def squeezed(name: str) -> str:
    """Return a name's letters and digits: case, spaces, punctuation and invisible characters do not count."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in text if unicodedata.category(letter)[0] in IN_NAMES)


def spellings(member: Member) -> set[str]:
    """Return the ways in which campus systems write a member's full name: the first name first, or last."""
    first, last = member.first_name, member.last_name
    return {squeezed(name) for name in (member.name, f"{first} {last}", f"{last} {first}")} - {""}


def words(name: str) -> set[str]:
    """Return the words of a name, without case and punctuation."""
    return {squeezed(word) for word in NO_WORD.split(name)} - {""}
