"""Reports for tests of result files: made by hand, so that no sandbox is needed."""

from autograder.report.report import CheckResult, Counterexample, Look, Outcome, Picture, Report

# What a learner's exception may hold: HTML, Markdown, a workflow command, a terminal's sequence.
HOSTILE = "</script>\n```\n<b>x</b> ``` \n::add-mask::x\n::error::forged\r\n%0A \x1b[31mred ##[error]x |@everyone"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def check(number: int, outcome: Outcome, *, points: float = 2.0, message: str = "", png: str = "") -> CheckResult:
    passed = outcome is Outcome.PASSED
    return CheckResult(
        id=f"check{number}",
        title=f"does thing {number}",
        outcome=outcome,
        score=points if passed else 0.0,
        max_score=points,
        message=message,
        counterexample=Counterexample(arguments={}, snippet="f(1)", expected=[[1]], got=[[2]]) if png else None,
        picture=Picture(alt="two grids", png=png, width=100) if png else None,
    )


def report(*checks: CheckResult, looks: tuple[Look, ...] = (), notes: tuple[str, ...] = (), tier: str = "B") -> Report:
    return Report(
        assignment="conv2d",
        submission="conv2d.ipynb",
        score=sum(one.score for one in checks),
        max_score=sum(one.max_score for one in checks),
        checks=checks,
        looks=looks,
        notes=notes,
        seed="1a2b3c4d",
        versions={"autograder": "1"},
        sandbox=tier,
        seconds=3.4,
    )


ALL = report(
    check(1, Outcome.PASSED),
    check(2, Outcome.FAILED, points=1.25, message=HOSTILE, png=PNG),
    check(3, Outcome.SKIPPED, points=0.75, message="Not tried: it builds on “does thing 2”, which did not pass."),
    notes=("cell 3 raised ValueError: <img src=x>",),
)
LOST = report(check(1, Outcome.PASSED), check(2, Outcome.ERROR))
UNREADABLE = report(check(1, Outcome.FAILED, message="The file is broken."), looks=(Look.UNREADABLE,))
