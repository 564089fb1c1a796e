"""What came out of grading one submission: Report and CheckResult, to and from JSON."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from autograder.report.window import Window
from autograder.sanitize import clean, one_line

SCHEMA: Literal["autograder/report/v1"] = "autograder/report/v1"
# The tier of a sandbox that isolates nothing; only --unsafe-no-sandbox takes it.
UNSAFE_TIER = "C"


# Holds words of a submission: cleaned here, once, for every outlet of a report.
Plain = Annotated[str, AfterValidator(clean)]
# What stands in a list of such lines: nothing in it may look like the next one.
Line = Annotated[str, AfterValidator(one_line), AfterValidator(clean)]


class Outcome(StrEnum):
    """The four things that can come of a check. An error is the grader's own fault, never the learner's."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    ERROR = "error"


class Look(StrEnum):
    """What of a file a person should look at, whatever points it got."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    WRONG_STEP = "wrong step"
    REPAIRED = "repaired"


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Counterexample(Frozen):
    """One call that went wrong: the arguments, what was expected, and what came (nested lists for tensors).

    `smallest` says that a smaller one was looked for. `snippet` is the same call as Python code, to paste into the
    notebook. `position` is the first output that differs
    and `window` the part of the input that this output looks at; None where no single output is to blame.
    """

    arguments: dict[str, Any]
    smallest: bool = True
    expected: Any = None
    got: Any = None
    snippet: str = ""
    position: tuple[int, ...] | None = None
    window: Window | None = None


class Picture(Frozen):
    """A counterexample drawn: PNG as base64, `width` in pixels of a page, and the same in words."""

    alt: str
    png: str
    width: int


class CheckResult(Frozen):
    """One check on one submission."""

    id: str
    title: str
    outcome: Outcome
    score: float
    max_score: float
    message: Plain = ""
    misconception: str | None = None
    hint: str | None = None
    law: str | None = None
    counterexample: Counterexample | None = None
    picture: Picture | None = None

    def limited_to(self, feedback: str) -> "CheckResult":
        """As much of it as the course shows: full, hint (words, no example), or title (the outcome alone)."""
        example: dict[str, Any] = {"counterexample": None, "picture": None}
        words: dict[str, Any] = {"message": "", "misconception": None, "hint": None, "law": None}
        hidden = {"full": {}, "hint": example}.get(feedback, {**example, **words})
        return self.model_copy(update=hidden)


class Report(Frozen):
    """All that grading one submission found.

    `max_score` is what the checks are worth in all; where it is a `bonus`, a gradebook counts the score and no maximum.
    `looks` say what of the file a person should look at.
    """

    schema_: Literal["autograder/report/v1"] = Field(SCHEMA, alias="schema")
    assignment: str
    submission: Line
    score: float
    max_score: float
    checks: tuple[CheckResult, ...]
    bonus: bool = False
    notes: tuple[Line, ...] = ()
    looks: tuple[Look, ...] = ()
    # The public seed as it is; of a secret key, a fingerprint.
    seed: int | str
    versions: dict[str, str]
    sandbox: str
    seconds: float = 0.0

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    @property
    def has_error(self) -> bool:
        """True where at least one check has no verdict, so that the score is not final."""
        return any(check.outcome is Outcome.ERROR for check in self.checks)

    def to_json(self, *, indent: int | None = 2) -> str:
        """JSON text, keys in the documented order."""
        return self.model_dump_json(by_alias=True, indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Report":
        """The report that `to_json` wrote."""
        return cls.model_validate_json(text)
