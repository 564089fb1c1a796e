"""The family that writes code for one side of the image as its twin for the other side."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise, permutations

from autograder.explain.edits.names import of_two_sides
from autograder.explain.edits.trees import Edit, Function, Place, replaced

# More items than this in a row are no rows and columns.
MOST_ITEMS = 4
NAME = re.compile(r"[A-Za-z_]\w*")
AXIS = re.compile(r"(?<=\.shape\[)-?\d(?=\])|(?<=\.size\()-?\d(?=\))")
OTHER_AXIS = {"0": "1", "1": "0", "2": "3", "3": "2", "-1": "-2", "-2": "-1"}


def twin(function: Function) -> Iterator[Edit]:
    """Yield, in the place of code that has a neighbour, that neighbour with the names of the other side."""
    for group in _groups(function):
        for one, other in permutations(group, 2):
            text = ast.unparse(one.node)
            turned = _turned(function, text)
            if turned not in (text, ast.unparse(other.node)):
                new = ast.parse(f"_[{turned}]").body[0]
                assert isinstance(new, ast.Expr) and isinstance(new.value, ast.Subscript)
                yield replaced(other, new.value.slice)


def _groups(function: Function) -> Iterator[list[Place]]:
    """Yield the places beside each other: the items of a list, what is assigned in turn, what loops run over."""
    items: dict[int, list[Place]] = {}
    for place in function.places:
        if isinstance(place.owner, list) and isinstance(place.node, (ast.expr, ast.Slice)):
            items.setdefault(id(place.owner), []).append(place)
    yield from (group for group in items.values() if 2 <= len(group) <= MOST_ITEMS)
    for _, _, body in function.bodies:
        values = [Place(each, "value", each.value) if isinstance(each, ast.Assign) else None for each in body]
        yield from ([one, other] for one, other in pairwise(values) if one and other)
    loops = [place for place, _ in function.of(ast.expr) if place.key == "iter"]
    yield from ([one, other] for one, other in pairwise(loops))


def _turned(function: Function, text: str) -> str:
    """Return code with the names of the other side of the image; names that have several partners stay."""
    partners = {name: [other for other in function.bound if of_two_sides(name, other)] for name in function.bound}
    text = NAME.sub(lambda found: partners[found[0]][0] if len(partners.get(found[0], ())) == 1 else found[0], text)
    return AXIS.sub(lambda found: OTHER_AXIS.get(found[0], found[0]), text)
