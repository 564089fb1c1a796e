"""How was an answer computed? By one matrix product of the right shapes, or by Fourier transforms."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from autograder.report import answer_messages as messages
from autograder.sandbox.answers import Answer, Wrong

# Kinds of products that a message lists.
MOST_SHAPES = 4


def makes_one_product(answer: Answer, outputs: int, weights: int) -> None:
    """Raise Wrong unless the call made one matrix product only: (outputs, weights) times (weights, 1).

    Spellings differ in transposition and in axes of length 1; the other axes tell the operands apart.
    """
    told = {"regions": f"({outputs}, {weights})", "column": f"({weights}, 1)", "count": len(answer.products)}
    if not answer.products or not isinstance(answer.products[0], list):
        raise Wrong(messages.NO_PRODUCT.format(**told), counted="products")
    told |= {"shapes": _shapes(answer.products[0]), "listed": _listed(answer.products)}
    if len(answer.products) > 1:
        raise Wrong(messages.MANY_PRODUCTS.format(**told), counted="products")
    if sorted(_operands(answer.products[0])) != sorted([[weights], sorted((outputs, weights))]):
        raise Wrong(messages.OTHER_PRODUCT.format(**told), counted="products")


def makes_one_batched_product(answer: Answer, images: int, filters: int, weights: int, outputs: int) -> None:
    """Raise Wrong unless the call made one matrix product only: (filters, weights) times (images, weights, outputs).

    Spellings differ in what is folded into which axis; the number of multiplications is the same for all of them.
    """
    told = {"kernels": f"({filters}, {weights})", "columns": f"({images}, {weights}, {outputs})"}
    if not answer.products or not isinstance(answer.products[0], list):
        raise Wrong(messages.NO_BATCHED_PRODUCT.format(**told), counted="products")
    told |= {"shapes": _shapes(answer.products[0]), "listed": _listed(answer.products)}
    if len(answer.products) > 1:
        raise Wrong(messages.MANY_BATCHED_PRODUCTS.format(**told, count=len(answer.products)), counted="products")
    if _multiplications(answer.products[0]) != images * filters * weights * outputs:
        raise Wrong(messages.OTHER_BATCHED_PRODUCT.format(**told), counted="products")


def _shapes(product: Any) -> str:
    return " times ".join(f"({str(shape).strip('[]')})" for shape in product)[:100]


def _listed(products: Sequence[Any]) -> str:
    """Return the shapes that these products multiplied, each with how often it did, the first few of them."""
    counted = Counter(map(_shapes, products))
    listed = [
        (messages.PRODUCT_REPEATED if count > 1 else messages.PRODUCT).format(shapes=shapes, count=count)
        for shapes, count in counted.items()
    ]
    return ", ".join([*listed[:MOST_SHAPES], *([messages.MORE_PRODUCTS] if len(listed) > MOST_SHAPES else [])])


def _multiplications(shapes: Any) -> int:
    """How many numbers are multiplied with one another in a product of these shapes; 0 where they are no such."""
    try:
        one, other = shapes
        common = math.prod(one[:-2]) * one[-1]
        return int(math.prod(one) * math.prod(other) // common)
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return 0


def _operands(shapes: Any) -> list[list[int]]:
    """The shapes without axes of length 1, lengths in order. They come from the worker: they may be anything."""
    try:
        return [sorted(int(size) for size in shape if size != 1) for shape in shapes]
    except (TypeError, ValueError, OverflowError):
        return []


def makes_transforms(answer: Answer) -> None:
    """Raise Wrong unless the call made a transform of torch.fft, and one back."""
    if answer.transforms < 2:
        raise Wrong(messages.NO_TRANSFORMS.format(count=answer.transforms), counted="transforms")
