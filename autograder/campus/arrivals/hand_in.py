"""One hand-in as an archive has it, before it is known whose it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from autograder.campus.zip_reader import Archive, Entry


@dataclass(frozen=True)
class Claim:
    """Who handed in, as the archive says: the campus system's number, ids of any kind, the full name.

    Where a name can be read in several ways, there are several `ids`, and the roster has to know exactly one of them.
    """

    number: str = ""
    ids: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class HandIn:
    """The files of one hand-in. `where` says which one it is; `when` is its time in UTC, if the archive has it.

    `attempts` are known to be in order: of several by one learner, the last one counts.
    """

    where: str
    claims: tuple[Claim, ...]
    files: tuple[Entry, ...]
    when: datetime | None = None
    late: bool = False
    is_attempt: bool = False


@dataclass(frozen=True)
class Layout:
    """A way in which an archive is laid out.

    `number` is the field of the roster that holds this campus system's number. Where the numbers are `lasting`, another
    number is another learner. `has_times` says whether the archive's entries may have the times of the hand-ins.
    `needs_roster` says how to get a roster, where an archive cannot be imported without one.
    """

    key: str
    title: str
    fits: Callable[[Entry], bool]
    read: Callable[[Archive, str, str], list[HandIn]]
    number: str = ""
    lasting: bool = False
    has_times: bool = True
    needs_roster: str = ""
