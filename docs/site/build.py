"""Build the course's site into build/site: the lessons with their pictures, and the pages of docs/. Run by `make site`.

Each lesson is its stub. The pictures in it are those of the master, which runs once and is remembered until it changes;
no answer and no hidden check gets onto a page.
"""

import hashlib
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert.preprocessors.coalescestreams import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from rich.progress import track
from sphinx.cmd.build import build_main

from autograder import course
from autograder.course import Assignment, Course

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build"
SOURCE, PAGES, RUNS = BUILD / "site-source", BUILD / "site", BUILD / "site-runs"
# What these tell of known mistakes, and of hand-ins that are alike, is for whoever teaches.
NOT_SHOWN = ("proof.md", "strangers.md", "alike.md", "mistakes.md", "mistakes", "gallery")
AT_THE_ROOT = ("README.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md")
# Where the master prints what its answer returned, learners should get there themselves.
NO_OUTPUT = ("try-it", "visible-checks")
FOLDED = "hide-input"
WIDGET = "application/vnd.jupyter.widget-view+json"
JOBS = 2


def main() -> int:
    """Build the site; return Sphinx's exit status."""
    the_course = course.load(ROOT)
    shutil.rmtree(SOURCE, ignore_errors=True)
    (SOURCE / "lessons").mkdir(parents=True)
    shutil.copy(HERE / "conf.py", SOURCE)
    shutil.copytree(
        ROOT / "docs", SOURCE / "docs", ignore=shutil.ignore_patterns("site", "*.py", "__pycache__", *NOT_SHOWN)
    )
    for name in AT_THE_ROOT:
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, SOURCE)
    steps = the_course.assignments
    with ThreadPoolExecutor(JOBS) as pool:
        ran = pool.map(lambda step: executed(the_course.master(step.id)), steps)
        for step, master in track(zip(steps, ran, strict=True), "running the lessons", total=len(steps)):
            page = lesson(the_course, step, nbformat.read(the_course.stub(step.id), as_version=4), master)
            nbformat.write(page, SOURCE / "lessons" / f"{step.id}.ipynb")
    (SOURCE / "index.md").write_text(index(the_course), encoding="utf-8")
    return build_main(
        ["-q", "-W", "--keep-going", "-b", "html", "-d", str(BUILD / "site-doctrees"), str(SOURCE), str(PAGES)]
    )


def run_of(path: Path) -> Path:
    """Return where a notebook is kept with its outputs. A changed notebook is kept under another name."""
    return RUNS / f"{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}.ipynb"


def executed(path: Path) -> NotebookNode:
    """Return a notebook with its outputs, those of the last build if it has not changed. Raises CellExecutionError."""
    known = run_of(path)
    if not known.exists():
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
        RUNS.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, known)
    return nbformat.read(known, as_version=4)


def lesson(the_course: Course, step: Assignment, stub: NotebookNode, master: NotebookNode) -> NotebookNode:
    """Return the page of a lesson: the stub's cells, with the outputs that the master's cells of the same name have."""
    outputs = {cell.id: cell.outputs for cell in master.cells if cell.cell_type == "code"}
    for cell in stub.cells:
        if cell.cell_type != "code":
            continue
        cell.metadata = nbformat.from_dict({"tags": [FOLDED]} if cell.metadata.get("jupyter") else {})
        cell.outputs = (
            [] if cell.id in NO_OUTPUT else [out for out in outputs.get(cell.id, []) if not needs_kernel(out)]
        )
        # Lines that come one after the other would each get a box of their own.
        CoalesceStreamsPreprocessor().preprocess_cell(cell, {}, 0)
        # The counts of the master's run would have gaps.
        cell.execution_count = None
    links = links_to(the_course, step)
    if links:
        stub.cells.insert(1, nbformat.v4.new_markdown_cell(links, id="links"))
    language = {"name": "python", "pygments_lexer": "ipython3"}
    kernel = {"name": "python3", "display_name": "Python 3"}
    stub.metadata = nbformat.from_dict({"kernelspec": kernel, "language_info": language})
    return stub


def needs_kernel(output: NotebookNode) -> bool:
    """Return whether an output is a widget, such as a slider, which a page without a kernel cannot move."""
    return WIDGET in output.get("data", {})


def links_to(the_course: Course, step: Assignment) -> str:
    """Return links that open a lesson in Colab and on the JupyterHub, as far as course.yml names them."""
    path = f"assignments/{step.id}/{step.id}.ipynb"
    found = []
    if the_course.repository:
        owner_and_name = the_course.repository.removeprefix("https://github.com/")
        colab = f"https://colab.research.google.com/github/{owner_and_name}/blob/{the_course.branch}/{path}"
        found.append(f"[Open in Colab]({colab})")
    if the_course.repository and the_course.jupyterhub:
        folder = the_course.repository.rstrip("/").rpartition("/")[2]
        pull = f"{the_course.jupyterhub.rstrip('/')}/hub/user-redirect/git-pull?repo={the_course.repository}"
        found.append(f"[Open on the JupyterHub]({pull}&branch={the_course.branch}&urlpath=lab/tree/{folder}/{path})")
    return " · ".join(found)


def index(the_course: Course) -> str:
    """Return the first page: the core lessons, the bonus lessons, and the pages about the kit."""
    core = "\n".join(f"lessons/{step.id}" for step in the_course.assignments if not step.bonus)
    bonus = "\n".join(f"lessons/{step.id}" for step in the_course.assignments if step.bonus)
    kit = "\n".join(sorted(str(path.relative_to(SOURCE).with_suffix("")) for path in SOURCE.rglob("*.md")))
    return f"""# {the_course.title}

You write convolution by hand, in PyTorch: from nine numbers on a photograph to a network that reads handwriting. The
lessons here show every picture. To work on one, open its notebook.

If you teach the course, begin with [a term, for instructors](docs/instructors.md).

```{{toctree}}
:caption: Lessons
:numbered: 1

{core}
```

```{{toctree}}
:caption: Bonus lessons

{bonus}
```

```{{toctree}}
:caption: The kit

{kit}
```
"""


if __name__ == "__main__":
    sys.exit(main())
