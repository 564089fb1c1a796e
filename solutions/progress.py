# The map of the course with what passed. solutions/share.py puts this file into every lesson.
import base64
import html
import io
import json
import re
from pathlib import Path

from IPython.display import display

this_step, course_map = "", ""  # solutions/share.py fills them in: the map has a circle in front of every step
map_shown = None  # the map, once it is shown: a picture can be put beside it


def passed_when_saved(step):
    """Return whether a notebook of this step lies beside this one, and says that all its visible checks passed."""
    for path in (Path(f"{step}.ipynb"), Path("..", step, f"{step}.ipynb")):
        try:
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                if cell["metadata"].get("nbgrader", {}).get("grade_id") == "visible-checks":
                    said = "".join("".join(output.get("text", ())) for output in cell["outputs"])
                    if "All visible checks passed." in said.splitlines():
                        return True
        except Exception:  # whatever lies there: no notebook, or a broken one
            continue
    return False


class Progress:
    """The map of the course, for a notebook to show, as text or HTML: a tick marks each step that passed.

    `picture` is HTML that stands beside the map.
    """

    def __init__(self, picture=""):
        self.picture = picture
        steps = re.findall(r"○ (\w+)", course_map)
        self.others = [step for step in steps if step != this_step and passed_when_saved(step)]
        self.head = f"Your way through the course: {1 + len(self.others)} of {len(steps)} steps"
        self.legend = "✓ All visible checks passed: here, just now"
        if self.others:
            self.legend += "; elsewhere, when the notebook beside this one was last saved."
        else:
            self.legend += ". Other steps count if their notebooks lie beside this one, saved with this result."

    def marked(self, mark):
        """Return the map with `mark(step)` in the place of each step that passed."""
        passed = (this_step, *self.others)
        return re.sub(r"○ (\w+)", lambda found: mark(found[1]) if found[1] in passed else found[0], course_map)

    def __repr__(self):
        return f"{self.head}\n\n{self.marked('✓ {}'.format)}\n\n{self.legend}"

    def _repr_html_(self):
        # Every circle and tick is two letters wide, whatever the font; the green can be read on light and dark.
        wide = "<span style='display: inline-block; width: 2ch'>{}</span>".format
        ring, tick = wide("○"), wide("✓")
        here = "background: #1e8449; color: white; border-radius: 3px; box-shadow: 0 0 0 2px #1e8449"
        there = "color: #2a9d5c"

        def mark(step):
            return f"<b style='{here if step == this_step else there}'>{tick}{step}</b>"

        drawn = self.marked(mark).replace("○ ", ring)
        pre = "line-height: 1.5; margin: 0.7em 0; padding: 2px 4px; background: none; color: inherit; overflow-x: auto"
        beside = "display: flex; flex-wrap: wrap; column-gap: 32px; align-items: center"
        row = f"<div style='{beside}'><pre style='{pre}'>{drawn}</pre>{self.picture}</div>"
        return f"<b>{self.head}</b>{row}<small>{self.legend}</small>"


def show_progress():
    """Show the map of the course, with the steps marked that passed. All visible checks of this one must have."""
    global map_shown
    if course_map:
        map_shown = display(Progress(), display_id=True)


def put_beside_map(panel):
    """Show one panel of a figure, with the learner's result, in small beside the map, if the map is shown."""
    if not map_shown:
        return
    figure, file = panel.figure.canvas.figure, io.BytesIO()
    figure.draw_without_rendering()  # or the panel may not be where the layout puts it
    box = panel.get_window_extent().transformed(figure.dpi_scale_trans.inverted())
    kind = "jpeg" if panel.images else "png"  # lines stand on a page of any colour
    figure.savefig(file, format=kind, bbox_inches=box, dpi=min(150 / box.height, 250 / box.width))
    source = f"data:image/{kind};base64,{base64.b64encode(file.getvalue()).decode()}"
    title = html.escape(panel.get_title() or panel.get_title("left"))
    words = f"<figcaption><small>{title}</small></figcaption>"
    map_shown.update(Progress(f"<figure style='margin: 0'><img src='{source}' alt='your result'>{words}</figure>"))
