"""Make docs/mistakes.md and its pictures anew: what the feedback page shows of twenty wrong answers.

Run `python docs/gallery/make.py` after a change of the words or of the page. The answers are in mistakes.yml. It needs
Chromium: the first of `chromium`, `chromium-browser` and `google-chrome` that is found. With --text, it draws nothing
and prints what the terminal shows.
"""

import ast
import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import yaml
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from PIL import Image, ImageChops
from rich.console import Console

from autograder import course
from autograder.course import Course
from autograder.errors import Problem
from autograder.feedback.render import html_of
from autograder.feedback.wanted import WantedPage
from autograder.judge import judge
from autograder.nbgrader.page_scores import PageScores
from autograder.notebooks.fill import fill
from autograder.notebooks.read import from_notebook, grade_id
from autograder.report.report import Report
from autograder.terminal.tables import show_report

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent
PICTURES = DOCS / "mistakes"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT, MARGIN, COLOURS = 900, 3000, 12, 64
INTRODUCTION = """# Twenty mistakes, and what the feedback page says of them

Each step has at least one. The code is what the learner got wrong, and the picture is the part of the
[feedback page](feedback.md) about one failed check. `docs/gallery/make.py` makes this page and its pictures from
`docs/gallery/mistakes.yml`, where the whole answers are.
"""


def main() -> None:
    """Grade all answers in one run, then print their reports or write the page and its pictures."""
    the_course = course.load(DOCS.parent)
    mistakes = yaml.safe_load((HERE / "mistakes.yml").read_text(encoding="utf-8"))
    notebooks = [answered(the_course, mistake) for mistake in mistakes]
    pairs = list(zip(mistakes, notebooks, strict=True))
    submissions = [from_notebook(notebook, mistake["step"], mistake["id"]) for mistake, notebook in pairs]
    reports = judge.grade(the_course, submissions, pictures=True)
    if sys.argv[1:] == ["--text"]:
        for report in reports:
            show_report(Console(width=110), report)
        return
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir()
    for (mistake, notebook), report in zip(pairs, reports, strict=True):
        page = page_of(the_course, fill(notebook, report), report)
        shoot(part_of(page, mistake["check"]), PICTURES / f"{mistake['id']}.png")
    (DOCS / "mistakes.md").write_text("\n".join(chapters(mistakes, reports)), encoding="utf-8")


def answered(the_course: Course, mistake: dict[str, Any]) -> NotebookNode:
    """Return the stub of a step, with the learner's functions in the cells for them."""
    notebook = nbformat.read(the_course.stub(mistake["step"]), as_version=4)
    cells = {cell.id: cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")}
    code = mistake["code"]
    missing = [line for line in mistake["lines"] if line.strip() not in map(str.strip, code.splitlines())]
    assert not missing, f"{mistake['id']}: {missing} is not in its code"
    waiting = ""
    for function in ast.parse(code).body:
        source = f"{waiting}{ast.get_source_segment(code, function)}"
        cell = cells.get("solution") or cells.get(f"solution-{getattr(function, 'name', '')}")
        # A helper stands above the function that follows it.
        waiting = f"{source}\n\n\n" if cell is None or not is_asked_for(cell, function) else ""
        if not waiting and cell is not None:
            cell.source = source
    return notebook


def is_asked_for(cell: NotebookNode, function: ast.stmt) -> bool:
    """Return whether a cell of the stub asks for this function."""
    return f"def {getattr(function, 'name', '')}(" in cell.source


def page_of(the_course: Course, notebook: NotebookNode, report: Report) -> str:
    """Return the feedback page of a graded notebook. Raises Problem."""
    names = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells]
    points = {grade_id(check.id): (check.score, check.max_score) for check in report.checks}
    scores = PageScores(0.0, dict.fromkeys(names, (0.0, 0.0)) | points, dict.fromkeys(names))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"{report.assignment}.ipynb")
        nbformat.write(notebook, source)
        page = html_of(
            the_course.root,
            WantedPage("", report.assignment, source, source.with_suffix(".html"), scores, key=""),
        )
    if isinstance(page, Problem):
        raise page
    return page


def part_of(page: str, check: str) -> str:
    """Return a page with nothing but what it says of one check."""
    soup = BeautifulSoup(page, "html.parser")
    reason = soup.find(id=f"reason-{grade_id(check)}")
    assert reason, f"the page has nothing about {check}"
    for link in reason.find_all(class_="back"):
        link.decompose()
    soup.body.clear()
    soup.body.append(reason)
    for script in soup.find_all("script"):
        script.decompose()
    return str(soup)


def shoot(page: str, target: Path) -> None:
    """Draw a page with Chromium, and keep what is not empty, in few colours."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert browser, f"none of {', '.join(BROWSERS)} is installed"
    with tempfile.TemporaryDirectory() as folder:
        source, drawn = Path(folder, "page.html"), Path(folder, "page.png")
        source.write_text(page, encoding="utf-8")
        options = ["--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu", f"--user-data-dir={folder}/me"]
        size = f"--window-size={WIDTH},{HEIGHT}"
        subprocess.run(
            [browser, *options, size, f"--screenshot={drawn}", source.as_uri()],
            check=True,
            capture_output=True,
            timeout=120,
        )
        image = Image.open(io.BytesIO(drawn.read_bytes())).convert("RGB")
    box = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    assert box and box[3] < HEIGHT - MARGIN, f"{target.name}: the page is empty, or higher than {HEIGHT} pixels"
    cropped = image.crop((0, max(0, box[1] - MARGIN), WIDTH, box[3] + MARGIN))
    cropped.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE).save(
        target, optimize=True
    )


def chapters(mistakes: list[dict[str, Any]], reports: list[Report]) -> Iterator[str]:
    """Yield the chapters of the page, one for each mistake."""
    yield INTRODUCTION
    for mistake, report in zip(mistakes, reports, strict=True):
        check = next(check for check in report.checks if check.id == mistake["check"])
        lines = "\n".join(mistake["lines"])
        yield f"## {report.assignment}: {mistake['title'][0].lower()}{mistake['title'][1:]}\n"
        yield f"```python\n{lines}\n```\n"
        yield f"![{report.assignment}, “{check.title}”: {check.outcome}](mistakes/{mistake['id']}.png)\n"


if __name__ == "__main__":
    main()
