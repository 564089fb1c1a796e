# Pictures to play with: solutions/share.py puts this file at the top of each cell that has one.
import base64
import contextlib
import html
import io
import warnings

import matplotlib.pyplot as plt
import torch
from IPython.display import display


class NoPicture(Exception):
    """Says in words why there is nothing to draw."""


def answer(call, shape, *arguments, later, **options):
    """Return what the learner's function answers, quietly. Raises NoPicture; `later` says what there will be to see."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = call(*arguments, **options)
    except NotImplementedError:
        raise NoPicture(f"Write your function first. {later}") from None
    except Exception as error:
        raise NoPicture(f"Nothing to draw: your function raised {type(error).__name__}: {error}") from None
    if not isinstance(result, torch.Tensor) or result.is_complex():
        raise NoPicture("Nothing to draw: your function did not return a tensor of plain numbers.")
    if result.shape != shape:
        is_, should = tuple(result.shape), tuple(shape)
        raise NoPicture(f"Nothing to draw: your function returned the shape {is_}. It should be {should}.")
    return result.detach().float()


def caption(words):
    """Return words as small lines of HTML. Sliders stand in widgets, whose lines would be far apart."""
    return f'<div style="font-size: 12px; line-height: 1.4; padding: 4px 0">{words}</div>'


def picture(values, words, width=220):
    """Return a picture of numbers from 0 to 1 as HTML: (H, W) is grey, (H, W, 3) has colours."""
    file = io.BytesIO()
    shown = values.nan_to_num().clamp(0, 1).numpy()
    plt.imsave(file, shown, cmap="gray", vmin=0, vmax=1, format="jpeg", pil_kwargs={"quality": 88, "subsampling": 0})
    source = f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"
    words = html.escape(words)
    image = f'<img src="{source}" alt="{words}" style="width: 100%; image-rendering: pixelated; display: block">'
    return f'<div style="width: {width}px; max-width: 100%">{image}{caption(words)}</div>'


def side_by_side(*parts):
    """Return parts of HTML in a row, or below one another where there is no room."""
    return f'<div style="display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start">{"".join(parts)}</div>'


class Still:
    """Pictures drawn beforehand, with a slider that needs no kernel. It hides where there are sliders that do."""

    def __init__(self, name, pages, always):
        self.name, self.pages, self.always = name, pages, always

    def __repr__(self):
        return f"Pictures for a notebook to show: {', '.join(self.pages)}"

    def _repr_html_(self):
        pages = [
            f'<div class="still-page"><b>{html.escape(title)}</b>{page}</div>' for title, page in self.pages.items()
        ]
        pages[1:] = [page.replace(">", ' style="display: none">', 1) for page in pages[1:]]
        show = "each.style.display = i == value ? '' : 'none'"
        turn = f"nextElementSibling.querySelectorAll('.still-page').forEach((each, i) => {show})"
        slider = f'<input type="range" min="0" max="{len(pages) - 1}" value="0" oninput="{turn}" aria-label="picture">'
        # Where a saved notebook has no kernel, JupyterLab would write an error in the place of the other sliders.
        gone = ".jp-OutputArea:has(.still) .jp-OutputArea-output.jupyter-widgets:not(:has(*)) {display: none}"
        # As low as the pictures beside it, which have titles.
        always = f"<div><span>&nbsp;</span>{self.always}</div>" if self.always else ""
        body = side_by_side(always, f"<div>{''.join(pages)}</div>")
        return f'<style>{gone}</style><div class="still {self.name}">{slider}{body}</div>'


class Sliders:
    """Controls and their picture. Where nothing can show them, as on a page of nbconvert's, a sentence stands."""

    def __init__(self, box):
        self.box = box

    def __repr__(self):
        return "Sliders appear here in a running notebook with ipywidgets."

    def _repr_mimebundle_(self, **_):
        view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        return {"text/plain": repr(self), "application/vnd.jupyter.widget-view+json": view}


def play(name, draw, presets, controls, always="", beside=None, named=False):
    """Show draw(*values), as HTML, for each of the presets, and again whenever somebody moves one of the controls.

    `presets` has tuples of values by their titles; controls(widgets) returns a widget for each value. The HTML `always`
    stands on the left and never changes. `beside` may make more HTML of the values for the pictures drawn beforehand;
    `named` lets people choose a preset by its title.
    """

    def drawn(*values):
        try:
            return draw(*values)
        except NoPicture as why:
            return f"<p>{html.escape(str(why))}</p>"

    pages = {}
    for title, values in presets.items():
        try:
            pages[title] = draw(*values)
        except NoPicture as why:
            print(why)
            return
        if beside:
            pages[title] = side_by_side(pages[title], beside(*values))
    display(Still(name, pages, always))
    try:
        import ipywidgets as widgets
    except ImportError:
        return
    with_sliders(widgets, name, drawn, presets, controls(widgets), always, named)


def with_sliders(widgets, name, drawn, presets, controls, always, named):
    """Show controls, and a picture that follows them: below, or beside a square of named numbers."""
    shown, busy = widgets.HTML(layout=widgets.Layout(margin="0 12px 0 0")), []
    choice = widgets.Dropdown(options=list(presets), layout=widgets.Layout(width="200px"))

    def redraw(_=None):
        if not busy:
            shown.value = drawn(*[each.value for each in controls])

    def choose(_=None):
        busy.append(True)  # all values change before anything is drawn
        for each, value in zip(controls, presets[choice.value], strict=True):
            each.value = value
        busy.clear()
        redraw()

    for each in controls:
        each.observe(redraw, "value")
    choice.observe(choose, "value")
    choose()
    instead = widgets.HTML(f"<style>.still.{name} {{display: none}}</style>")
    if named:
        beside = widgets.HTML(always, layout=shown.layout)
        side = f"repeat({round(len(controls) ** 0.5)}, max-content)"
        grid = widgets.GridBox(controls, layout=widgets.Layout(grid_template_columns=side))
        left = widgets.VBox([choice, grid], layout=widgets.Layout(margin="0 12px 0 0"))
        row = widgets.Layout(flex_flow="row wrap")
        display(Sliders(widgets.HBox([left, beside, shown, instead], layout=row)))
    else:
        display(Sliders(widgets.VBox([*controls, shown, instead])))
