"""Check how an answer was computed: by one matrix product of the right shapes, or by Fourier transforms."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.report import answer_messages as messages
from autograder.sandbox.answers import Answer, Wrong

# The number of different products that a message lists.
MOST_SHAPES = 4


def makes_one_product(answer: Answer, outputs: int, weights: int) -> None:
    """Raise Wrong unless the call made exactly one matrix product, of (outputs, weights) and (weights, 1).

    Operands may be transposed or have more axes of length 1; the other axes tell them apart.
    """
    shapes = {"regions": f"({outputs}, {weights})", "column": f"({weights}, 1)"}
    _made_a_product(answer, messages.NO_PRODUCT, shapes)
    if len(answer.products) > 1:
        raise _wrong(messages.MANY_PRODUCTS, answer, shapes)
    if sorted(_operands(answer.products[0])) != sorted([[weights], sorted((outputs, weights))]):
        raise _wrong(messages.OTHER_PRODUCT, answer, shapes)


def makes_one_batched_product(answer: Answer, images: int, filters: int, weights: int, outputs: int) -> None:
    """Raise Wrong unless the call made just one matrix product, of (filters, weights) and (images, weights, outputs).

    Images may be folded into any axis; the number of multiplications is always the same.
    """
    shapes = {"kernels": f"({filters}, {weights})", "columns": f"({images}, {weights}, {outputs})"}
    _made_a_product(answer, messages.NO_BATCHED_PRODUCT, shapes)
    if len(answer.products) > 1:
        raise _wrong(messages.MANY_BATCHED_PRODUCTS, answer, shapes)
    if _multiplications(answer.products[0]) != images * filters * weights * outputs:
        raise _wrong(messages.OTHER_BATCHED_PRODUCT, answer, shapes)


def _made_a_product(answer: Answer, template: str, shapes: Mapping[str, str]) -> None:
    """Raise Wrong, in these words, unless the worker reported a product."""
    if not answer.products or not isinstance(answer.products[0], list):
        raise Wrong(template.format(**shapes), counted="products")


def _wrong(template: str, answer: Answer, shapes: Mapping[str, str]) -> Wrong:
    made = {"shapes": _shapes(answer.products[0]), "listed": _listed(answer.products), "count": len(answer.products)}
    return Wrong(template.format(**{**shapes, **made}), counted="products")


def _shapes(product: Any) -> str:
    return " times ".join(f"({str(shape).strip('[]')})" for shape in product)[:100]


def _listed(products: Sequence[Any]) -> str:
    """Return the shapes of the first few different products, each with the number of its repetitions."""
    counted = Counter(map(_shapes, products))
    listed = [
        (messages.PRODUCT_REPEATED if count > 1 else messages.PRODUCT).format(shapes=shapes, count=count)
        for shapes, count in counted.items()
    ]
    return ", ".join([*listed[:MOST_SHAPES], *([messages.MORE_PRODUCTS] if len(listed) > MOST_SHAPES else [])])


def _multiplications(shapes: Any) -> int:
    """Return the number of multiplications in a product of these shapes; 0 where they are not shapes of a product."""
    try:
        first, second = shapes
        common = math.prod(first[:-2]) * first[-1]
        return int(math.prod(first) * math.prod(second) // common)
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return 0


def _operands(shapes: Any) -> list[list[int]]:
    """Return the shapes without axes of length 1, lengths in order; no shapes where the worker sent something else."""
    try:
        return [sorted(int(size) for size in shape if size != 1) for shape in shapes]
    except (TypeError, ValueError, OverflowError):
        return []


def makes_transforms(answer: Answer) -> None:
    """Raise Wrong unless the call made at least one transform of torch.fft and one inverse transform."""
    if answer.transforms < 2:
        raise Wrong(messages.NO_TRANSFORMS.format(count=answer.transforms), counted="transforms")
