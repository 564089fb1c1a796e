"""What came out of grading one submission: Report and CheckResult, to and from JSON."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

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


Kind = Literal["plain", "turned", "row", "column", "line", "weight", "gradient", "spread", "bias", "bent"]


class Planes(Frozen):
    """Matrices of an argument: its name, the leading indices of each, and the rows and columns of them that count."""

    name: str
    indices: tuple[tuple[int, ...], ...]
    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()

    @property
    def cells(self) -> frozenset[tuple[int, int]]:
        """The rows and columns that count; none where all do."""
        return frozenset((row, column) for row in self.rows for column in self.columns)


class Window(Frozen):
    """What one output looks at: `height` rows of the padded input from `top` on, and so for columns, `step` apart.

    `padding` is how many rows and columns the padding adds on each side. `image`, `channels` and `filter` say which
    ones of a batch; None for a single image. The kernel lies on it as it is, or turned by 180°; for the kernel matrix
    the output is a whole `row` of the matrix, and for unfold a `column` holds the window. A signal (N, C, L) is one
    `line` of numbers: row 0. Of a dense layer's `weight` (OH, OW, H, W), it is where the kernel lies for an output;
    for the kernel's `gradient`, all that one number of the kernel lay on; for the input's, all outputs to which a pixel
    was `spread`; for the `bias`, all outputs of its channel. Where it is `bent`, each number of the kernel is read at
    one of `places` (row, column) of the input without padding, in order, and the window is what of it lies around them.

    `on` is what it lies on, where that is not the input, and `by` what lies on it, where that is not the kernel.
    """

    top: int
    left: int
    height: int
    width: int
    step: int = 1
    padding: tuple[int, int] = (0, 0)
    image: int | None = None
    channels: tuple[int, ...] | None = None
    filter: int | None = None
    kernel: Kind = "plain"
    on: Planes | None = None
    by: Planes | None = None
    places: tuple[tuple[float, float], ...] | None = None

    @property
    def rows(self) -> tuple[int, ...]:
        """The rows of the padded input that it takes in."""
        return tuple(self.top + index * self.step for index in range(self.height))

    @property
    def columns(self) -> tuple[int, ...]:
        """The columns of the padded input that it takes in."""
        return tuple(self.left + index * self.step for index in range(self.width))


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
