"""Recognise how an archive is laid out, by the names in it."""

from autograder.campus.arrivals import attempts, canvas, gradescope, moodle, plain
from autograder.campus.arrivals.hand_in import Layout
from autograder.campus.zip_reader import Archive
from autograder.errors import Problem

# In this order. Gradescope's metadata decides by itself; of the others, a layout that fits most of the files.
LAYOUTS = (gradescope.LAYOUT, moodle.LAYOUT, attempts.LAYOUT, canvas.LAYOUT, plain.LAYOUT)
KEYS = tuple(layout.key for layout in LAYOUTS)


def layout_of(archive: Archive, key: str = "") -> Layout:
    """Return the layout with this key, or else the one that is recognised. Raises Problem for an unknown key."""
    if key:
        for layout in LAYOUTS:
            if layout.key == key:
                return layout
        raise Problem("--format", f"there is no format '{key}'", f"The formats are: {', '.join(KEYS)}.")
    for layout in LAYOUTS:
        fitting = sum(map(layout.fits, archive.entries))
        # One odd name, which a learner may choose, must not decide for all.
        if fitting * 2 > len(archive.entries) or (layout is gradescope.LAYOUT and fitting):
            return layout
    return plain.LAYOUT
