"""Prose of a learner loads nothing from elsewhere, and keeps its links."""

import pytest

from autograder.sanitize import without_tags

LOADS = [
    "![a](https://x/y.png)",
    "![a]( http://x)",
    "![a](\n https://x)",
    "![a][b]",
    "![b]",
    "![[a]](https://x)",
    "![a\n](https://x)",
]


@pytest.mark.parametrize("prose", LOADS)
def test_a_picture_from_elsewhere_is_no_picture(prose: str) -> None:
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    page = markdown2html_mistune(without_tags(prose + "\n\n[b]: https://x/y.png\n"))
    assert "<img" not in page


@pytest.mark.parametrize("prose", ["[a](https://x)", "[a](mailto:x@y.z)", "[a](#b)", "Look! [a](https://x)"])
def test_links_are_left(prose: str) -> None:
    assert without_tags(prose) == prose
