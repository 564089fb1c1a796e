"""Make the feedback page with nbgrader, in the kit's order and with its template.

A learner sees the score and a line for each check first, then the reasons, then the notebook. Grades (manual ones
included), comments and the late penalty come from nbgrader; what a check reported is in the graded notebook.
"""

from functools import cache
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from pygments.formatters import HtmlFormatter

from autograder.nbgrader.page_exporter import FeedbackExporter
from autograder.notebooks.fill import FLAGS_ID, MARKS, NOTES_ID
from autograder.notebooks.read import names_defined
from autograder.report.counts import counted_points, points_of, rounded
from autograder.report.report import Outcome
from autograder.report.wording import WIDEST

TEMPLATES = Path(__file__).resolve().parent / "templates"
TEMPLATE = "autograder_feedback"
LANGUAGE = "en"
OUTCOMES = {mark: outcome for outcome, mark in MARKS.items()}
CODE = ".highlight"


def configure_feedback(config: Any) -> None:
    """Make nbgrader use the kit's feedback page."""
    from nbgrader.preprocessors import GetGrades

    config.GenerateFeedback.exporter_class = FeedbackExporter
    config.GenerateFeedback.preprocessors = [GetGrades, Page]
    config.FeedbackExporter.template_name = TEMPLATE
    config.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES)]


class Page(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Collects the content of the page from the notebook and from the grades that nbgrader has put into it."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Add the page's content as `feedback` to the resources, and anchors to the cells."""
        graded = resources["nbgrader"]
        checks, commented, notes = list[dict[str, Any]](), list[dict[str, Any]](), list[str]()
        for number, cell in enumerate(nb.cells):
            flags = cell.metadata.get("nbgrader", {})
            if cell.get("id") == NOTES_ID:
                notes = [line.removeprefix("· ") for line in _text(cell).splitlines()]
                cell.metadata["nbgrader"] = {"check": True}
            elif cell.get("id") == FLAGS_ID:
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
            "key": graded.get("key", ""),
            "name": graded["notebook"],
            "score": round(float(graded["score"]), 2),
            "max_score": round(float(graded["max_score"]), 2),
            "late_penalty": rounded(graded["late_penalty"]) if graded["late_penalty"] else "",
            "checks": checks,
            "commented": commented,
            "notes": notes,
            "has_formulas": any("$" in cell.source for cell in nb.cells if cell.cell_type == "markdown"),
            "code_css": _code_css(),
        }
        return nb, resources


def _check(cell: NotebookNode) -> dict[str, Any]:
    """Return what the page shows of one check."""
    flags = cell.metadata.nbgrader
    first, _, rest = _text(cell).partition("\n")
    outcome = OUTCOMES.get(first[:1], Outcome.ERROR)
    words, _, example = rest.strip("\n").partition("\n\n")
    title = cell.source.partition("\n")[0].removeprefix("# ").rpartition(" (")[0]
    automatic = _automatic(cell)
    return {
        "anchor": f"reason-{flags.grade_id}",
        "title": title or flags.grade_id,
        "mark": MARKS[outcome],
        "outcome": str(outcome),
        "headline": first[2:] if first[:1] in OUTCOMES else title,
        "points": _points(flags.score, flags.points),
        "by_hand": automatic is not None and abs(automatic - flags.score) > 1e-6,
        # A first line without a mark says that there is no verdict.
        "words": _unwrapped(words if first[:1] in OUTCOMES else f"{first}\n{words}".strip()),
        "example": example,
        "pictures": [_picture(output) for output in cell.outputs if "image/png" in output.get("data", {})],
    }


def _unwrapped(words: str) -> str:
    """Return the text with one sentence per line: the notebook's lines are wrapped, but the page wraps its own."""
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
    """Return the hidden score in the notebook that nbgrader reads, or None."""
    for output in cell.outputs:
        if output.output_type == "execute_result":
            return float(output.data["text/plain"])
    return None


def _picture(output: NotebookNode) -> dict[str, Any]:
    about = output.metadata.get("image/png", {})
    png = output.data["image/png"].replace("\n", "")
    return {"alt": about.get("alt") or output.data.get("text/plain", ""), "png": png, "width": about.get("width", 600)}


def _points(score: float, max_score: float) -> str:
    """Return "1.5 of 2 points", or "1.5 bonus points" if the maximum is 0, as nbgrader has it for a bonus."""
    if not max_score:
        return counted_points(score, "bonus point")
    return points_of(score, max_score)


@cache
def _code_css() -> str:
    """Return the colours of code on light and dark pages. The page itself sets the background."""
    light, dark = (HtmlFormatter(style=style, nobackground=True) for style in ("default", "github-dark"))
    return f"{light.get_style_defs(CODE)}\n@media (prefers-color-scheme: dark) {{\n{dark.get_style_defs(CODE)}\n}}"
