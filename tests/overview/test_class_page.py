"""The class page: well-formed, self-contained, harmless with hostile names, anonymous where it says so, small."""

import json
import random
import re
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup

from autograder import course
from autograder.course import Course
from autograder.errors import Problem
from autograder.overview import class_data, labels, page, summary
from autograder.report.report import Counterexample
from tests.overview import large_class, made_up
from tests.overview.made_up import DUE, PNG, Named, grade, picture, report

VOID = {"meta", "img", "br", "link", "input", "hr"}
CSS = (page.TEMPLATES / "class_page.css").read_text(encoding="utf-8")
RAISED = Counterexample(arguments={}, expected=[[1.0]], got=None)


def rendered(of: Course, *, anonymous: bool = False) -> str:
    return page.render(made(of, anonymous=anonymous))


def made(of: Course, *, anonymous: bool = False) -> summary.Summary:
    data = class_data.load(of, [each.id for each in of.assignments])
    return summary.of_data(data, anonymous=anonymous)


class Tags(HTMLParser):
    """Raises where an element is not closed, or closed in the wrong place."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), (tag, attrs)
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, tag


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser.seen


def check_well_formed(html: str) -> None:
    assert html.startswith("<!DOCTYPE html>\n<html lang=")
    found = tags(html)
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in found:
        assert tag not in ("script", "link", "iframe", "object", "base", "form"), tag
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href", "xlink:href"):
            target = attributes.get(name) or "#"
            assert target.startswith(("#", "data:image/png;base64,")), target
            assert not target.startswith("#") or target == "#" or target[1:] in ids, target
        named = (attributes.get("aria-labelledby") or "").split()
        assert set(named) <= set(ids)
        assert tag != "th" or attributes["scope"] in ("row", "col")
        assert tag != "img" or attributes["alt"]
        assert tag != "svg" or (attributes["role"] == "img" and named)
    assert set(re.findall(r"url\(#([^)]+)", html)) <= set(ids)
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org/)", html)
    levels = [int(tag[1]) for tag, _ in found if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("anonymous", [False, True])
def test_it_is_well_formed_and_loads_nothing(steps, anonymous):
    html = rendered(steps, anonymous=anonymous)
    check_well_formed(html)
    read = BeautifulSoup(html, "html.parser")
    assert read.title.text == "The class: Made up"
    assert all(chart.title.text and chart.desc.text for chart in read.find_all("svg"))
    assert all(region["tabindex"] == "0" for region in read.find_all(role="region"))
    assert not read.find_all("td", string="")


def test_a_step_with_a_title_is_called_by_it_and_by_its_id(tmp_path):
    of = made_up.make_course(tmp_path / "course", ("conv2d", "flatten"))
    path = of.root / "course.yml"
    text = path.read_text(encoding="utf-8").replace("- id: conv2d\n", '- id: conv2d\n    title: "2: Loops & <sums>"\n')
    path.write_text(text, encoding="utf-8")
    titled = course.load(of.root)
    grade(titled, "ada", report(titled, "ppppppp"))
    read = BeautifulSoup(rendered(titled), "html.parser")
    assert "2: Loops & <sums> (conv2d)" in [each.text for each in read.find_all("h2")]
    alone = page.render(summary.of_data(class_data.load(titled, ["conv2d"])))
    assert BeautifulSoup(alone, "html.parser").h1.text == "The class in 2: Loops & <sums>: Made up"


def test_an_empty_class_and_one_without_hand_ins_have_a_page(tmp_path):
    of = made_up.make_course(tmp_path / "course", ("conv2d", "flatten"))
    for _ in range(2):
        html = rendered(of)
        check_well_formed(html)
        read = BeautifulSoup(html, "html.parser")
        assert read.find(class_="short").p.text == "Nothing was handed in." and not read.find_all(["table", "svg"])
        made_up.enter(of, ada="Ada")


def test_it_shows_points_by_step_and_checks_by_learner_worst_first(steps):
    read = BeautifulSoup(rendered(steps), "html.parser")
    by_step, by_check = read.find("table", class_="tall"), read.find_all("table")[-3]
    assert rows(by_step) == [
        ["learner", "conv2d", "flatten"],
        ["ada", "10", "10"],
        ["ben", "7", "–"],
        ["cleo", "0", "–"],
        ["dan (Dan)", "–", "–"],
    ]
    first, *others = rows(by_check)
    assert first[:4] == ["learner", "points", "slides the kernel over the input", "keeps height and width apart"]
    assert [row[:4] for row in others] == [
        ["cleo", "0", "✗ failed", "– skipped"],
        ["ben", "7", "✓ passed", "✓ passed"],
        ["ada", "10", "✓ passed", "✓ passed"],
    ]
    assert "Nothing collected for full." in read.text


def rows(table) -> list[list[str]]:
    return [[cell.text for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]


def test_mistakes_have_a_sentence_a_count_and_a_picture(steps):
    read = BeautifulSoup(rendered(steps), "html.parser")
    first, second = sorted(read.find_all("article"), key=lambda each: "kernel" in each.h3.text)
    assert first.h3.text == "The stride was ignored."
    assert "1 of 3 answers in conv2d: ben." in first.text and "(33%)" not in first.text
    assert "Hint that they read: Try a stride of 2." in first.text
    assert first.img["alt"] == "Expected 1, got 2." and first.img["src"].endswith(PNG)
    assert second.img["alt"] == "raised by cleo"


def test_pictures_without_room_are_counted(steps, monkeypatch):
    assert "Without a picture" not in rendered(steps)
    monkeypatch.setattr(page, "ROOM_OF_SEVERAL", len(PNG))
    read = BeautifulSoup(rendered(steps), "html.parser")
    assert len(read.find_all("img")) == 1
    assert "Without a picture here, to keep the page small: 1 more mistake." in read.text
    monkeypatch.setattr(page, "ROOM_OF_SEVERAL", 0)
    assert "keep the page small: 2 more mistakes." in rendered(steps)


def test_feedback_that_hides_names_of_mistakes_is_named_as_the_reason(tmp_path):
    of = made_up.make_course(tmp_path / "course", feedback="title")
    grade(of, "ben", report(of, "ppfppsp"))
    assert "feedback: title" in rendered(of) and "No failure has the name" not in rendered(of)


HOSTILE = {
    "a": "<script>alert(1)</script>",
    "b": "Ann\u202enA",
    "c": "Bo\nnot handed in\x1b[31m",
    "d": "x" * 300,
    "e": '" onmouseover="alert(1)',
}


def test_hostile_ids_names_and_texts_are_shown_as_text(tmp_path):
    of = made_up.make_course(tmp_path / "course")
    for student in ("<b>bold", "a\u202eb", "ü" * 90, "&amp;", "{{ 7 * 7 }}"):
        alt = Named("x", "<i>hint</i>.\u202e More.", RAISED, picture('<img src=x onerror="1">'))
        grade(of, student, report(of, "fssssss", {0: alt}))
    made_up.enter(of, **HOSTILE)
    html = page.render(summary.of_data(class_data.load(of, ["conv2d"], now=DUE + timedelta(days=1))))
    check_well_formed(html)
    read = BeautifulSoup(html, "html.parser")
    assert not read.find_all(["b", "i", "script"]) and "\u202e" not in html and "\x1b" not in html
    assert {"<b>bold", "ab", "&amp;", "{{ 7 * 7 }}"} <= {name.text for name in read.find_all("bdi")}
    needs = [row[0] for row in rows(read.find(class_="words"))]
    assert "a (<script>alert(1)</script>)" in needs and "c (Bo not handed in)" in needs
    assert max(map(len, needs)) <= 2 * labels.MOST + 3
    assert f"d ({'x' * (labels.MOST - 1)}…)" in needs


def test_an_anonymous_page_has_no_id_and_no_name(steps):
    html = rendered(steps, anonymous=True) + json.dumps(summary.as_json(made(steps, anonymous=True)))
    assert not re.search(r"\b(ada|ben|cleo|dan)\b", html, re.IGNORECASE)
    read = BeautifulSoup(html, "html.parser")
    assert len({name.text for name in read.find_all("bdi")}) == 4
    # What an exception says is the learner's own text. It may hold a name.
    assert [image["alt"] for image in read.find_all("img")] == ["Expected 1, got 2."]
    assert not read.find(class_="words") and "The page with names says who, and why." in read.text


def test_numbers_are_random_stable_and_in_an_order_of_their_own(tmp_path):
    of = made_up.make_course(tmp_path / "course")
    ids = {f"s{number:03}": "" for number in range(60)}
    first = labels.numbers(of, ids)
    assert len(set(first.values())) == 60 and all(re.fullmatch(r"learner \d{4}", each) for each in first.values())
    assert list(first.values()) != sorted(first.values())
    assert {**first, **labels.numbers(of, {**ids, "a": ""})} | {"a": ""} == {**first, "a": ""}
    other = made_up.make_course(tmp_path / "other")
    assert labels.numbers(other, ids) != first and isinstance(labels.DICE, random.SystemRandom)
    (of.root / "overview" / "numbers.json").write_text("[]", encoding="utf-8")
    with pytest.raises(Problem, match="holds something other"):
        labels.numbers(of, ids)


def test_an_anonymous_page_is_in_the_order_of_its_numbers(tmp_path):
    of = made_up.make_course(tmp_path / "course", ("conv2d", "flatten"))
    for number in range(30):
        grade(of, f"s{number:02}", report(of, "ppppppp"))
    read = BeautifulSoup(rendered(of, anonymous=True), "html.parser")
    shown = [name.text for name in read.find(class_="tall").find_all("bdi")]
    assert len(shown) == 30 and shown == sorted(shown)
    by_check = [name.text for name in read.find_all("table")[-1].find_all("bdi")]
    assert by_check and by_check == sorted(by_check)


def test_text_and_background_contrast_in_light_and_dark():
    light, dark = (dict(re.findall(r"--(\w+): (#\w{6});", part)) for part in CSS.split("@media screen")[:2])
    for colours in (light, dark):
        for back in ("page", "faint", "full", "partly", "none", "open"):
            assert contrast(colours["text"], colours[back]) >= 4.5, back
        assert contrast(colours["link"], colours["page"]) >= 4.5
        assert min(contrast(colours[name], colours["page"]) for name in ("line", "bar")) >= 3
    assert "@media screen and (prefers-color-scheme: dark)" in CSS, "prints are light"


def contrast(*colours: str) -> float:
    dark, light = sorted(map(luminance, colours))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_page_of_300_learners_in_16_steps_is_small(the_course):
    html = page.render(summary.of_data(large_class.make_data(the_course, 300)))
    check_well_formed(html)
    assert html.count("<img ") > 8
    # The bound is 500 KB; a margin is left for longer names and words.
    assert 300_000 < len(html.encode()) < 480_000


@pytest.mark.slow
def test_the_page_of_a_class_of_300_is_small(tmp_path):
    of = made_up.make_course(tmp_path / "course")
    large_class.make_class(of, 300)
    html = rendered(of)
    check_well_formed(html)
    assert len(BeautifulSoup(html, "html.parser").find_all("img")) > 8
    assert 100_000 < len(html.encode()) < 500_000
