"""Make the class page: one HTML file without scripts, that loads nothing. jinja2 escapes everything in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course import OVERVIEW
from autograder.nbgrader import shared
from autograder.notebooks.fill import MARKS
from autograder.overview import alike_words, charts, needs_help, statistics, words
from autograder.overview.class_data import Entry, Result
from autograder.overview.mistakes import Mistake
from autograder.overview.summary import Step, Summary
from autograder.overview.written import write
from autograder.report.counts import rounded
from autograder.report.report import Look, Outcome
from autograder.sanitize import clean, one_line

TEMPLATES = Path(__file__).resolve().parent / "templates"
# A page of several steps is shorter for each; the page of one step has all.
MOST_MISTAKES_OF_SEVERAL = 20
# Of pictures, in bytes: the commonest mistakes have theirs.
ROOM, ROOM_OF_SEVERAL = 160_000, 70_000
MOST_ROWS_OF_SEVERAL = 10
MOST_NAMES = 12
MOST_GROUPS = 40
KINDS = {
    Result.FULL: "full points",
    Result.PARTLY: "partly",
    Result.NONE: "0 points",
    Result.NO_VERDICT: "no verdict",
}
# Classes of the style sheet.
SHADES = {Result.FULL: "f", Result.PARTLY: "p", Result.NONE: "n"}
LOOKS = {
    Look.UNREADABLE: "the file could not be read",
    Look.EMPTY: "no answer in the notebook",
    Look.WRONG_STEP: "another step's notebook",
}
OUTCOMES = {Outcome.PASSED: "passed", Outcome.FAILED: "failed", Outcome.SKIPPED: "skipped", Outcome.ERROR: "no verdict"}


@dataclass(frozen=True)
class Row:
    """A row of a table: its head, its cells as (class, text), or words that say why there are none."""

    head: str
    cells: tuple[tuple[str, str], ...] = ()
    instead: str = ""
    points: str = ""


def render(summary: Summary) -> str:
    """Return the page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = lambda text: one_line(clean(str(text)))
    environment.filters["rounded"] = rounded
    environment.filters["percent"] = lambda share: f"{share:.0%}"
    return environment.get_template("class_page.html.j2").render(_content(summary))


def write_page(summary: Summary, out: Path | None = None) -> Path:
    """Write the page to `out`, or into the course's folder for such pages, and return its path. Raises Problem."""
    course = summary.data.course
    shared.begin(course)
    path = out or course.root / OVERVIEW / default_name(summary)
    write(path, render(summary))
    return path


def default_name(summary: Summary) -> str:
    """Return the name of a page's file: one for the class, one for each step, others for a part and for numbers."""
    first = summary.steps[0].id if len(summary.steps) == 1 else "class"
    kinds = {"chosen": summary.data.chosen, "anonymous": summary.anonymous, "alike": summary.alike is not None}
    return f"{'-'.join([first, *(kind for kind, is_so in kinds.items() if is_so)])}.html"


def _content(summary: Summary) -> dict[str, Any]:
    data, several = summary.data, len(summary.steps) > 1
    used = summary.used
    unused = [step.id for step in summary.steps if step not in used]
    title = data.course.title or data.course.course
    shown = summary.mistakes[:MOST_MISTAKES_OF_SEVERAL] if several else summary.mistakes
    return {
        "language": data.course.language,
        "title": f"The class: {title}"
        if several
        else f"The class in {summary.steps[0].figures.assignment.called}: {title}",
        "made": f"{data.now:%Y-%m-%d %H:%M} UTC",
        "anonymous": summary.anonymous,
        "learners": len(data.names),
        "chosen": data.chosen,
        "several": several,
        "headline": summary.headline,
        "steps": used,
        "unused": needs_help.listed(unused),
        "notes": [(step.id, words.notes_on(step.figures, _waiting(summary, step))) for step in summary.steps],
        "chart": _stacks(used) if several and used else "",
        "needs_help": [(summary.labels[each.student], each.reasons) for each in summary.needs_help],
        "mistakes": (told := _mistakes(summary, shown, ROOM_OF_SEVERAL if several else ROOM)),
        "pictures_left_out": words.pictures_left_out(sum(each["own"].picture != each["picture"] for each in told)),
        "more_mistakes": len(summary.mistakes) - len(shown),
        "hidden_words": data.course.feedback == "title",
        "unnamed": [line for step in used if (line := words.unnamed(step.unnamed))],
        "by_step": _by_step(summary) if several and used else [],
        "details": [_detail(summary, step, several) for step in used],
        "alike": _alike(summary),
        "limits": statistics,
        "last": needs_help,
    }


def _waiting(summary: Summary, step: Step) -> int:
    return sum(assignment == step.id for _, assignment in summary.data.waiting)


def _stacks(used: Sequence[Step]) -> str:
    rows = {
        step.id: [
            *(step.figures.counts[kind] for kind in KINDS),
            step.figures.missing + step.figures.counts[Result.NOT_GRADED],
        ]
        for step in used
    }
    kinds = [*KINDS.values(), "not graded or not handed in"]
    return charts.stacks("results", "Results by step, in learners", rows, kinds)


def _mistakes(summary: Summary, shown: Sequence[Mistake], room: int) -> list[dict[str, Any]]:
    """Return what the page says of these mistakes, with pictures as long as there is room."""
    found = []
    for mistake in shown:
        names = [] if summary.anonymous else [summary.labels[each] for each in summary.by_label(mistake.learners)]
        room -= len(mistake.picture.png) if mistake.picture else 0
        found.append(
            {
                "own": mistake,
                "count": len(mistake.learners),
                "share": len(mistake.learners) / mistake.answers,
                "names": names[:MOST_NAMES],
                "more": len(names) - MOST_NAMES,
                "picture": mistake.picture if room >= 0 else None,
            }
        )
    return found


def _alike(summary: Summary) -> dict[str, Any] | None:
    """Return what the page says of hand-ins that are alike; None unless somebody asked for it."""
    found = summary.alike
    if found is None:
        return None
    return {
        "title": alike_words.TITLE,
        "caution": alike_words.CAUTION,
        "nothing": alike_words.NOTHING if found.compared and not found.groups else "",
        "groups": [
            ([summary.labels[one] for one in group.learners], [alike_words.sentence(each) for each in group.findings])
            for group in found.groups[:MOST_GROUPS]
        ],
        "more": len(found.groups) - MOST_GROUPS,
        "limits": alike_words.limits(found),
    }


def _by_step(summary: Summary) -> list[Row]:
    """Return the table of step by learner."""
    return [
        Row(
            summary.labels[student],
            tuple(_score(summary.data.entries.get((step.id, student))) for step in summary.used),
        )
        for student in summary.by_label(summary.data.names)
    ]


def _score(entry: Entry | None) -> tuple[str, str]:
    """Return the class and the text of the cell for one hand-in."""
    if entry is None:
        return "", "–"
    late = " late" if entry.late else ""
    if entry.result in (Result.NO_VERDICT, Result.NOT_GRADED) or entry.points is None:
        return "o", f"{entry.result}{late}"
    return SHADES[entry.result], f"{rounded(entry.points)}{late}"


def _detail(summary: Summary, step: Step, several: bool) -> dict[str, Any]:
    """Return what the page says about one step alone."""
    figures = step.figures
    rows = _by_check(summary, step)
    shown = rows[:MOST_ROWS_OF_SEVERAL] if several else rows
    tenth = figures.assignment.points / statistics.TENTHS
    tenths = {rounded(tenth * at): count for at, count in enumerate(figures.tenths)}
    spans = step.hours.spans
    return {
        "id": step.id,
        # With the id, which tables and commands use.
        "heading": f"{title} ({step.id})" if (title := figures.assignment.title) else step.id,
        "figures": figures,
        "scores": words.scores(figures),
        "histogram": charts.bars(f"scores-{step.id}", f"Scores in {step.id}", tenths, "{} points or a little more: {}")
        if figures.scores
        else "",
        "left_out": words.left_out(figures),
        "times": words.times(step.hours),
        "spans": charts.bars(f"times-{step.id}", f"Hand-ins for {step.id} by time before the deadline", spans, "{}: {}")
        if spans
        else "",
        "rows": shown,
        "more_rows": len(rows) - len(shown),
    }


def _by_check(summary: Summary, step: Step) -> list[Row]:
    """Return the table of check by learner, those with the fewest points first."""
    entries = [entry for entry in summary.data.of(step.id) if entry.checks]
    entries.sort(key=lambda entry: (entry.points or 0.0, summary.labels[entry.student]))
    rows = []
    for entry in entries:
        instead = "" if entry.has_answer else next(LOOKS[look] for look in entry.looks if look in LOOKS)
        cells = () if instead else tuple((check.outcome.value, _outcome(check.outcome)) for check in entry.checks)
        rows.append(Row(summary.labels[entry.student], cells, instead, _score(entry)[1]))
    return rows


def _outcome(outcome: Outcome) -> str:
    return f"{MARKS[outcome]} {OUTCOMES[outcome]}"
