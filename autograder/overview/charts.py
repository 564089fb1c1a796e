"""Draw a chart as SVG for inline use: it takes its colours from the page, and says its numbers in words."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import Any

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
# matplotlib writes a colour into each shape. These stand for variables of the page's style sheet, light or dark.
COLOURS = {"#010101": "var(--text)", "#020202": "var(--line)", "#030303": "var(--bar)", "#040404": "var(--page)"}
INK, LINES, BAR, PAGE = COLOURS
# For kinds of results, so that no kind is known by its colour alone: from solid to empty.
SHADES = {"#050505": "var(--full)", "#060606": "var(--partly)", "#070707": "var(--none)", "#080808": "var(--open)"}
# Lengths in inches.
WIDTH, BAR_HEIGHT, ABOVE, BELOW, LETTER = 7.6, 0.27, 0.35, 0.3, 0.08
# Dots would take a hundred times as many bytes as lines.
HATCHES = ("", "//", "\\\\", "xx", "")
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "class page",
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": LINES,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.color": INK,
    "hatch.linewidth": 0.6,
}
# What a page says itself, or nobody sees. The style sheet of the page has the font.
NEEDLESS = re.compile(
    r"font-size: 9px; font-family: [^;]*; |; fill: #010101(?=\" x=)"
    r"| transform=\"rotate\(-0 [^)]*\)\"|; stroke-linejoin: miter"
)
REFERENCE = re.compile(r"(?:url\(|href=\")#([^)\"]+)")
NUMBER = re.compile(r"-?\d+\.\d{2,}")


def bars(name: str, title: str, counts: Mapping[str, int], words: str) -> str:
    """Return a bar chart. `name` is unique on the page; `words` says of one bar what it counts, as "{} points: {}"."""
    from matplotlib.figure import Figure

    with _style():
        figure = Figure(figsize=(0.8 * len(counts) + 0.2, 1.7))
        axes = figure.add_axes((0.01, 0.14, 0.98, 0.84))
        drawn = axes.bar(range(len(counts)), list(counts.values()), color=BAR, width=0.8, clip_on=False)
        axes.bar_label(drawn, labels=[str(count) if count else "" for count in counts.values()], padding=1)
        axes.set_xticks(range(len(counts)), list(counts))
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.tick_params(length=0)
        axes.margins(y=0.15)
        description = "; ".join(words.format(label, count) for label, count in counts.items() if count)
        svg = _svg(figure, name, title, f"{description or 'none'}.")
        # The page has many of these charts, so its style sheet says once how a bar and a label look.
        for style in ("fill: var(--bar)", "text-anchor: middle"):
            svg = svg.replace(f' style="{style}"', "")
        return svg.replace("<svg ", '<svg class="bars" ', 1)


def stacks(name: str, title: str, rows: Mapping[str, Sequence[int]], kinds: Sequence[str]) -> str:
    """Return horizontal bars, one for each row, each divided into kinds."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    with _style():
        figure = Figure(figsize=(WIDTH, height := BAR_HEIGHT * len(rows) + ABOVE + BELOW))
        # A layout that matplotlib computes would take three times as long.
        labels = LETTER * max(map(len, rows)) + 0.1
        axes = figure.add_axes((labels / WIDTH, BELOW / height, 0.97 - labels / WIDTH, 1 - (ABOVE + BELOW) / height))
        left = [0] * len(rows)
        faces = [*SHADES, PAGE][: len(kinds)]
        for number, kind in enumerate(kinds):
            widths = [row[number] for row in rows.values()]
            looks: dict[str, Any] = {
                "color": faces[number],
                "edgecolor": LINES,
                "hatch": HATCHES[number],
                "linewidth": 0.6,
            }
            axes.barh(range(len(rows)), widths, left=left, label=kind, height=0.72, clip_on=False, **looks)
            left = [start + width for start, width in zip(left, widths, strict=True)]
        axes.set_yticks(range(len(rows)), list(rows))
        axes.invert_yaxis()
        axes.tick_params(length=0)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.margins(x=0)
        figure.legend(loc="upper center", ncols=len(kinds), frameon=False, handlelength=1.6)
        lines = (
            f"{row}: " + ", ".join(f"{count} {kind}" for kind, count in zip(kinds, counts, strict=True) if count)
            for row, counts in rows.items()
        )
        return _svg(figure, name, title, "; ".join(lines) + ".")


def _style() -> Any:
    import matplotlib

    return matplotlib.rc_context(STYLE)


def _svg(figure: Any, name: str, title: str, description: str) -> str:
    written = io.BytesIO()
    figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
    return inline(written.getvalue(), name, title, description)


def inline(svg: bytes, name: str, title: str, description: str) -> str:
    """Return matplotlib's SVG for a page: named, with ids that are unique there, and without what is for files."""
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    root = ET.fromstring(svg)
    used = set(REFERENCE.findall(svg.decode()))
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own in used:
            element.set("id", f"{name}-{own}")
        for key, value in list(element.attrib.items()):
            if key.endswith("href"):
                element.set(key, value.replace("#", f"#{name}-"))
            elif value.startswith("#"):
                # A variable of a style sheet counts in a style, not in an attribute of its own.
                del element.attrib[key]
                element.set("style", "; ".join(filter(None, (f"{key}: {value}", element.get("style")))))
            else:
                element.set(key, value.replace("url(#", f"url(#{name}-"))
    _prune(root)
    for key in ("version", "width", "height"):
        root.attrib.pop(key, None)
    width = root.attrib["viewBox"].split()[2]
    root.attrib |= {"role": "img", "aria-labelledby": f"{name}-title {name}-desc", "style": f"max-width: {width}pt"}
    for number, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{tag}"})
        element.text = text
        root.insert(number, element)
    return _themed(ET.tostring(root, encoding="unicode"))


def _prune(element: ET.Element) -> bool:
    """Remove what nobody sees, and white space between elements. Return whether anything is left."""
    for child in list(element):
        if child.tag.rpartition("}")[2] in ("metadata", "style") or not _prune(child):
            element.remove(child)
    for part in (element, *element):
        part.tail = None
    element.text = element.text.strip() if element.text else None
    for child in list(element):
        if child.tag == f"{{{SVG}}}g" and not child.keys():
            at = list(element).index(child)
            element[at : at + 1] = list(child)
    container = element.tag.rpartition("}")[2] in ("g", "defs")
    return bool(len(element)) if container else element.get("style") != "fill: none"


def _themed(text: str) -> str:
    text = NUMBER.sub(lambda number: f"{float(number[0]):.1f}", NEEDLESS.sub("", text))
    for colour, variable in (COLOURS | SHADES).items():
        text = text.replace(colour, variable)
    return text.replace("  ", " ")
