"""Put feedback pages where a campus system expects them."""

from collections.abc import Sequence

from autograder.campus.archive import Place, packed, page_of
from autograder.campus.final_scores import FinalScores
from autograder.campus.made import Kind, Made, Remark
from autograder.campus.matching import NO_IDS, Ids, matched

NO_PAGE = "there is no page yet: run `autograder feedback`"


def pack(final: FinalScores, assignment: str, places: Sequence[Place], ids: Ids = NO_IDS) -> Made:
    """Return an archive with the page of each learner who has one and a place for it."""
    matches = matched([place.keys for place in places], final, ids)
    pages, remarks = dict[str, bytes](), list[Remark]()
    for place, match in zip(places, matches, strict=True):
        if match.student is None:
            remarks.append(Remark(Kind.NOT_HERE, place.who, "", match.why))
        elif match.student in final.chosen:
            page = page_of(final.course, match.student, assignment)
            if page is not None:
                pages[place.path] = page
            why = "" if page is not None else NO_PAGE
            remarks.append(Remark(Kind.LEFT if why else Kind.FILLED, match.student, assignment, why))
    there = {match.student for match in matches}
    remarks += [
        Remark(Kind.NOT_THERE, student, assignment, "the page has no place")
        for student in sorted(final.chosen - there)
        if page_of(final.course, student, assignment) is not None
    ]
    return Made(packed(pages), tuple(remarks))
