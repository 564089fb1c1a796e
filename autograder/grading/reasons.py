"""Say why a submission is graded again: which of the things that decide its report have changed."""

from autograder.grading.cache import Parts, Saved
from autograder.report.report import UNSAFE_TIER

FIRST = "not graded before"
LOST = "its report in results/ is missing"
UNKNOWN = "unknown: graded by an earlier version"
NO_VERDICT = "it had no verdict"
UNSAFE = "it was graded without a sandbox"
CHANGED = "the gradebook or autograded/ had changed"
FORCED = "graded again with --force"
AGAIN = "handed in again"
# By the part. Values that people can read stand in `SHOWN`.
DIGESTS = {
    "hand_in": "the file in submitted/ changed",
    "stub": "the release changed",
    "suite": "the hidden checks changed",
    "seed": "another key",
    "limits": "the limits changed",
}
SHOWN = ("feedback", "points", "autograder", "torch", "numpy", "python")
FROM_TO = "{part} {old} → {new}"


def reasons(saved: Saved | None, parts: Parts, *, in_gradebook: bool, force: bool) -> tuple[str, ...]:
    """Return why a submission is graded. `saved` is its last result, `parts` are those of now."""
    if saved is None:
        return (LOST if in_gradebook else FIRST,)
    if saved.key != parts.key:
        return _differences(saved.parts, parts)
    if saved.report.has_error:
        return (NO_VERDICT,)
    if force:
        return (FORCED,)
    return (UNSAFE if saved.report.sandbox == UNSAFE_TIER else CHANGED,)


def _differences(old: dict[str, str] | None, parts: Parts) -> tuple[str, ...]:
    new = parts._asdict()
    if old is None or old.keys() != new.keys():
        return (UNKNOWN,)
    differing = [part for part in new if old[part] != new[part]]
    found = [DIGESTS[part] for part in differing if part in DIGESTS]
    if "time" in differing:
        found = [AGAIN, *(each for each in found if each != DIGESTS["hand_in"])]
    return (*found, *(FROM_TO.format(part=part, old=old[part], new=new[part]) for part in differing if part in SHOWN))
