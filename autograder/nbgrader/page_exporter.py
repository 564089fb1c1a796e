"""Turn a graded notebook into a page as nbconvert does, in a tenth of its time.

nbconvert parses and prints each whole page once more, for alternative texts and tab stops. Here the template writes
these, and only text cells and comments are parsed. What all learners have alike is rendered once.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML, strip_files_prefix
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from autograder.notebooks.budget import PAGE_SECONDS
from autograder.notebooks.clock import at_most

HEADING = re.compile(r"<(/?)h([1-6])\b[^>]*>")
NO_DESCRIPTION = "No description has been provided for this image"
# Rendered cells that are kept of those used last; of longer cells there are few.
MOST_KEPT = 256
LONGEST_KEPT = 40_000
# Those that all pages have, by how they are rendered and by their text.
_alike: dict[tuple[Callable[[str], str], str], str] = {}


class FeedbackExporter(HTMLExporter):
    """Exports HTML with the kit's template. A class of its own, because formgrader's pages use another template.

    A page that takes too long fails alone: nbgrader goes on to the next.
    """

    def from_filename(self, filename: str, resources: dict[str, Any] | None = None, **options: Any) -> Any:
        """Return the page of a notebook. Raises TookTooLong."""
        with at_most(PAGE_SECONDS, filename, "turn into a page"):
            return super().from_filename(filename, resources, **options)

    def from_notebook_node(self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any) -> Any:
        """Return the page of a notebook, and its resources, without a second parse of the whole."""
        return TemplateExporter.from_notebook_node(self, nb, resources, **options)

    def _preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Run the preprocessors on the copy that nbconvert has made; it would make two more, and check them again."""
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        return nb, resources

    def default_filters(self) -> Any:
        """Yield the filters that templates may use."""
        yield from super().default_filters()  # type: ignore[no-untyped-call]  # nbconvert has no types here
        yield ("code", code)
        yield ("prose", prose)


def keep(as_html: Callable[[str], str], source: str) -> None:
    """Keep a cell that all pages have, as `code` or `prose` renders it."""
    _alike[as_html, source] = as_html(source)


def code(source: str) -> str:
    """Return Python code as HTML, with its colours."""
    return _alike.get((code, source)) or (_code if len(source) <= LONGEST_KEPT else _code.__wrapped__)(source)


@lru_cache(MOST_KEPT)
def _code(source: str) -> str:
    return str(Highlight2HTML(pygments_lexer="python")(source))


def prose(source: str, attachments: Mapping[str, Any] | None = None) -> str:
    """Return Markdown as HTML that closes what it opens and nothing else, with headings below those of the page.

    `attachments` are those of the cell: images by name.
    """
    if attachments or len(source) > LONGEST_KEPT:
        return _html(source, attachments or {})
    return _alike.get((prose, source)) or _prose(source)


@lru_cache(MOST_KEPT)
def _prose(source: str) -> str:
    return _html(source, {})


def _html(source: str, attachments: Mapping[str, Any]) -> str:
    renderer = IPythonRenderer(escape=False, attachments=dict(attachments), exclude_anchor_links=True)
    html = strip_files_prefix(MarkdownWithMath(renderer=renderer).render(source))
    soup = BeautifulSoup(below_the_page(html), "html.parser")
    for image in soup.find_all("img", alt=False):
        image["alt"] = NO_DESCRIPTION
    return str(soup)


def below_the_page(html: str) -> str:
    """Lower a cell's headings by two levels, below those of the page, and drop their ids, which may clash."""
    return HEADING.sub(lambda match: f"<{match[1]}h{min(6, int(match[2]) + 2)}>", html)
