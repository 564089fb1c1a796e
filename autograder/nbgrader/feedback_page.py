"""The feedback page: nbgrader's own step of making it, with the kit's order, words and template.

A learner sees first the score and a line for each check, then the reasons, then the notebook. The grades, manual ones
included, the comments and the late penalty are nbgrader's; what a check said stands in the graded notebook.
"""

import re
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from pygments.formatters import HtmlFormatter

from autograder.notebooks.budget import PAGE_SECONDS
from autograder.notebooks.clock import at_most
from autograder.notebooks.fill import MARKS, NOTES_ID
from autograder.notebooks.read import names_defined
from autograder.report.counts import counted_points, points_of, rounded
from autograder.report.report import Outcome
from autograder.report.wording import WIDEST

TEMPLATES = Path(__file__).resolve().parent / "templates"
TEMPLATE = "autograder_feedback"
LANGUAGE = "en"
OUTCOMES = {mark: outcome for outcome, mark in MARKS.items()}
HEADING = re.compile(r"<(/?)h([1-6])\b[^>]*>")
PILCROW = re.compile(r'<a class="anchor-link"[^>]*>.*?</a>')
CODE = ".highlight"


class FeedbackExporter(HTMLExporter):
    """nbconvert's HTML with the kit's template. Its settings are its own: formgrader's page has another template.

    A page that takes too long is that learner's loss: nbgrader goes on to the next.
    """

    def from_filename(self, filename: str, resources: dict | None = None, **options: Any) -> tuple[str, dict]:
        """Return the page of a notebook. Raises TookTooLong."""
        with at_most(PAGE_SECONDS, filename, "turn into a page"):
            return super().from_filename(filename, resources, **options)

    def default_filters(self) -> Any:
        """Yield the filters that templates may use."""
        yield from super().default_filters()
        yield ("below_the_page", below_the_page)


def configure_feedback(config: Any) -> None:
    """Have nbgrader make its feedback pages in the kit's way."""
    from nbgrader.preprocessors import GetGrades

    config.GenerateFeedback.exporter_class = FeedbackExporter
    config.GenerateFeedback.preprocessors = [GetGrades, Page]
    config.FeedbackExporter.template_name = TEMPLATE
    config.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES)]


def below_the_page(html: str) -> str:
    """Put a cell's headings two levels lower, under those of the page, without names that could be there twice."""
    return HEADING.sub(lambda found: f"<{found[1]}h{min(6, int(found[2]) + 2)}>", PILCROW.sub("", html))


class Page(NbGraderPreprocessor):
    """Gathers what the page says, in its order, from the notebook and the grades that nbgrader has put into it."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        told = resources["nbgrader"]
        checks, commented, notes = [], [], []
        for number, cell in enumerate(nb.cells):
            flags = cell.metadata.get("nbgrader", {})
            if cell.get("id") == NOTES_ID:
                notes = [line.removeprefix("· ") for line in _text(cell).splitlines()]
                cell.metadata["nbgrader"] = {"check": True}
            elif flags.get("grade") and flags.get("locked") and not flags.get("solution"):
                checks.append(_check(cell))
                flags["check"] = True
            elif flags.get("comment") or flags.get("grade"):
                flags["anchor"] = f"cell-{number}"
                points = _points(flags["score"], flags["points"]) if flags.get("grade") else ""
                name = ", ".join(names_defined(cell.source)) or flags["grade_id"]
                commented.append({"anchor": flags["anchor"], "name": name, "points": points})
        resources["feedback"] = {
            "language": LANGUAGE,
            "name": told["notebook"],
            "score": round(float(told["score"]), 2),
            "max_score": round(float(told["max_score"]), 2),
            "late_penalty": rounded(told["late_penalty"]) if told["late_penalty"] else "",
            "checks": checks,
            "commented": commented,
            "notes": notes,
            "has_formulas": any("$" in cell.source for cell in nb.cells if cell.cell_type == "markdown"),
            "code_css": _code_css(),
        }
        return nb, resources


def _check(cell: NotebookNode) -> dict[str, Any]:
    """What the page says of one check."""
    flags = cell.metadata.nbgrader
    first, _, rest = _text(cell).partition("\n")
    outcome = OUTCOMES.get(first[:1], Outcome.ERROR)
    words, _, example = rest.strip("\n").partition("\n\n")
    title = cell.source.partition("\n")[0].removeprefix("# ").rpartition(" (")[0]
    by_hand = _automatic(cell) is not None and abs(_automatic(cell) - flags.score) > 1e-6
    return {
        "anchor": f"reason-{flags.grade_id}",
        "title": title or flags.grade_id,
        "mark": MARKS[outcome],
        "outcome": str(outcome),
        "headline": first[2:] if first[:1] in OUTCOMES else title,
        "points": _points(flags.score, flags.points),
        "by_hand": by_hand,
        # Without a mark, the first line is the sentence that there is no verdict.
        "words": _unwrapped(words if first[:1] in OUTCOMES else f"{first}\n{words}".strip()),
        "example": example,
        "pictures": [_picture(output) for output in cell.outputs if "image/png" in output.get("data", {})],
    }


def _unwrapped(words: str) -> str:
    """Sentences a line each, as long as they are: the page breaks them where it ends. The notebook's are broken."""
    lines: list[str] = []
    last = ""
    for line in words.splitlines():
        if last and len(last) + 1 + len(line.partition(" ")[0]) > WIDEST:
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        last = line
    return "\n".join(lines)


def _text(cell: NotebookNode) -> str:
    return "".join(output.text for output in cell.get("outputs", ()) if output.output_type == "stream")


def _automatic(cell: NotebookNode) -> float | None:
    """The score that stands in the notebook for nbgrader to read, and is not shown; None where there is none."""
    for output in cell.outputs:
        if output.output_type == "execute_result":
            return float(output.data["text/plain"])
    return None


def _picture(output: NotebookNode) -> dict[str, Any]:
    about = output.metadata.get("image/png", {})
    png = output.data["image/png"].replace("\n", "")
    return {"alt": about.get("alt") or output.data.get("text/plain", ""), "png": png, "width": about.get("width", 600)}


def _points(score: float, most: float) -> str:
    """ "1.5 of 2 points"; what is a bonus has no most for nbgrader."""
    if not most:
        return counted_points(score, "bonus point")
    return points_of(score, most)


def _code_css() -> str:
    """Colours for code, on light and on dark pages. The page itself has the background."""
    light, dark = (HtmlFormatter(style=style, nobackground=True) for style in ("default", "github-dark"))
    return f"{light.get_style_defs(CODE)}\n@media (prefers-color-scheme: dark) {{\n{dark.get_style_defs(CODE)}\n}}"
