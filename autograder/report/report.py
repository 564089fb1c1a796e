"""The result of grading one submission: Report and CheckResult, to and from JSON."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from autograder.report.window import Window
from autograder.sanitize import clean, one_line

SCHEMA: Literal["autograder/report/v1"] = "autograder/report/v1"
# The tier of a sandbox that isolates nothing; only --unsafe-no-sandbox allows it.
UNSAFE_TIER = "C"


# Text that may quote a submission. It is cleaned here, once, for every outlet of a report.
Plain = Annotated[str, AfterValidator(clean)]
# A line in a list of such texts: nothing in it may look like another line.
Line = Annotated[str, AfterValidator(one_line), AfterValidator(clean)]


class Outcome(StrEnum):
    """The outcome of a check. An error is the grader's own fault, never the learner's."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    ERROR = "error"


class Look(StrEnum):
    """A reason why a person should look at a file, whatever points it got."""

    UNREADABLE = "unreadable"
    EMPTY = "empty"
    WRONG_STEP = "wrong step"
    REPAIRED = "repaired"
    FLAGGED = "flagged code"


class Frozen(BaseModel):
    """A model whose fields cannot be assigned."""

    model_config = ConfigDict(frozen=True)


class Counterexample(Frozen):
    """One call that went wrong: its arguments, the expected result and the returned one (nested lists for tensors).

    `smallest` tells whether a smaller call was searched for. `snippet` is the call as Python code, to paste into the
    notebook. `position` is the first output that differs, and `window` what this output looks at; both are None where
    no single output is to blame.
    """

    arguments: dict[str, Any]
    smallest: bool = True
    expected: Any = None
    got: Any = None
    snippet: str = ""
    position: tuple[int, ...] | None = None
    window: Window | None = None


class Picture(Frozen):
    """A picture of a counterexample: a PNG as base64, its `width` in pixels of a page, and its content in words."""

    alt: str
    png: str
    width: int


class Slip(Frozen):
    """A line of the learner's code that an edit mends, so that every check of its function passes.

    `lines` are all that it changes, and `line` and `code` are the first of them. `change` is that edit, for
    instructors; `text` is what the learner reads, which says it only where the course wants.
    """

    cell: Plain
    line: int
    lines: tuple[int, ...] = ()
    code: Plain
    family: str
    change: Plain
    text: Plain


class Factor(Frozen):
    """One number of an argument."""

    name: str
    index: tuple[int, ...]


class Trace(Frozen):
    """What the learner's function reads of an argument for the first wrong value, and what it should read.

    Both are the indices along each axis; all of their combinations are read. Where they are equal, they are one number,
    which the function multiplies by `factor`, and not by the right one.
    """

    argument: str
    reads: tuple[tuple[int, ...], ...]
    should: tuple[tuple[int, ...], ...]
    factor: Factor | None = None
    text: str


class CheckResult(Frozen):
    """The result of one check on one submission."""

    id: str
    title: str
    outcome: Outcome
    score: float
    max_score: float
    message: Plain = ""
    misconception: str | None = None
    hint: str | None = None
    law: str | None = None
    slip: Slip | None = None
    condition: str | None = None
    trace: Trace | None = None
    counterexample: Counterexample | None = None
    picture: Picture | None = None

    def limited_to(self, feedback: str) -> "CheckResult":
        """Return the part that the course shows: all, only words ("hint"), or only the outcome ("title")."""
        # A trace is about the example.
        example: dict[str, Any] = {"counterexample": None, "picture": None, "trace": None}
        names = ("misconception", "hint", "law", "slip", "condition")
        words: dict[str, Any] = {"message": "", **dict.fromkeys(names)}
        hidden = {"full": {}, "solution": {}, "hint": example}.get(feedback, {**example, **words})
        return self.model_copy(update=hidden)


class Report(Frozen):
    """The result of grading one submission.

    `max_score` is what all checks are worth together. For a `bonus`, a gradebook counts the score but no maximum.
    `notes` are for the learner, too. `flags` are for instructors alone: what to read before they trust the points.
    `looks` are reasons why a person should look at the file. `wrong_results` is equal for learners whose failed
    calls returned the same. It is empty where that says little, or where a known mistake explains a failure.
    """

    schema_: Literal["autograder/report/v1"] = Field(SCHEMA, alias="schema")
    assignment: str
    submission: Line
    score: float
    max_score: float
    checks: tuple[CheckResult, ...]
    bonus: bool = False
    notes: tuple[Line, ...] = ()
    flags: tuple[Line, ...] = ()
    looks: tuple[Look, ...] = ()
    wrong_results: str = ""
    # The public seed itself, or the fingerprint of a secret key.
    seed: int | str
    versions: dict[str, str]
    sandbox: str
    seconds: float = 0.0

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    @property
    def has_error(self) -> bool:
        """Return whether at least one check has no verdict, so that the score is not final."""
        return any(check.outcome is Outcome.ERROR for check in self.checks)

    def to_json(self, *, indent: int | None = 2) -> str:
        """Return the report as JSON, with keys in the documented order."""
        return self.model_dump_json(by_alias=True, indent=indent)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Report":
        """Return the report that `to_json` wrote."""
        return cls.model_validate_json(text)
