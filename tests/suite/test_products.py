"""An answer must be computed as the step wants; a message lists the products that were made instead."""

from typing import Any

import pytest

from autograder.report import answer_messages as messages
from autograder.sandbox.answers import Answer, Wrong
from autograder.suite.products import makes_one_batched_product, makes_one_product, makes_transforms


def wrong_of(call: Any) -> Wrong:
    with pytest.raises(Wrong) as caught:
        call()
    return caught.value


def products(*shapes: Any) -> Answer:
    return Answer(None, products=tuple(shapes))


@pytest.mark.parametrize(
    "shapes", [[[16, 4], [4, 1]], [[16, 4], [4]], [[1, 4], [4, 16]], [[1, 16, 4], [1, 4, 1]], [[4], [4, 16]]]
)
def test_one_product_in_any_spelling_is_one(shapes):
    makes_one_product(products(shapes), outputs=16, weights=4)


def listed(first: str) -> dict[str, str]:
    return {"shapes": first, "listed": f"{first} (2 times)"}


def test_products_are_listed_by_their_shapes():
    pairs = [[[n % 6 + 1, 4], [4, 1]] for n in range(9)]
    wrong = wrong_of(lambda: makes_one_product(products(*pairs), outputs=16, weights=4))
    assert wrong.message.startswith(
        "Your function made 9 matrix products: (1, 4) times (4, 1) (2 times), (2, 4) times (4, 1) (2 times), "
        "(3, 4) times (4, 1) (2 times), (4, 4) times (4, 1), others. One was expected, the region matrix (16, 4)"
    )


def test_four_different_products_are_all_listed():
    pairs = [[[n, 4], [4, 1]] for n in (1, 2, 3, 4)]
    wrong = wrong_of(lambda: makes_one_product(products(*pairs), outputs=16, weights=4))
    assert "(4, 4) times (4, 1). One was expected" in wrong.message


@pytest.mark.parametrize(
    ("shapes", "template"),
    [
        ((), messages.NO_PRODUCT),
        ((None,), messages.NO_PRODUCT),
        (([[4], [4]], [[4], [4]]), messages.MANY_PRODUCTS),
        (([[16, 4], [4, 2]],), messages.OTHER_PRODUCT),
        (([[16, 25], [25, 1]],), messages.OTHER_PRODUCT),
        (([[16, 4], [4, 1], [1]],), messages.OTHER_PRODUCT),
        (([[8, 4], [4, 1]],), messages.OTHER_PRODUCT),
        ((["x", [4]],), messages.OTHER_PRODUCT),
    ],
)
def test_other_products_are_told_with_the_right_shapes(shapes, template):
    wrong = wrong_of(lambda: makes_one_product(products(*shapes), outputs=16, weights=4))
    first = " times ".join(f"({str(shape).strip('[]')})" for shape in shapes[0]) if shapes and shapes[0] else ""
    assert wrong.message == template.format(regions="(16, 4)", column="(4, 1)", count=len(shapes), **listed(first))
    assert wrong.counted == "products" and wrong.got is None


@pytest.mark.parametrize(
    "shapes",
    [[[3, 4], [2, 4, 5]], [[2, 3, 4], [2, 4, 5]], [[10, 4], [4, 3]], [[3, 4], [4, 10]], [[1, 3, 4], [1, 4, 10]]],
)
def test_one_batched_product_in_any_spelling_is_one(shapes):
    makes_one_batched_product(products(shapes), images=2, filters=3, weights=4, outputs=5)


@pytest.mark.parametrize(
    ("shapes", "template"),
    [
        ((), messages.NO_BATCHED_PRODUCT),
        ((7,), messages.NO_BATCHED_PRODUCT),
        (([[3, 4], [4, 5]], [[3, 4], [4, 5]]), messages.MANY_BATCHED_PRODUCTS),
        (([[3, 4], [4, 5]],), messages.OTHER_BATCHED_PRODUCT),
        (([[3, 4]],), messages.OTHER_BATCHED_PRODUCT),
        (([[], [4, 5]],), messages.OTHER_BATCHED_PRODUCT),
        (([[0], [0, 5]],), messages.OTHER_BATCHED_PRODUCT),
    ],
)
def test_other_batched_products_are_told(shapes, template):
    call = {"images": 2, "filters": 3, "weights": 4, "outputs": 5}
    wrong = wrong_of(lambda: makes_one_batched_product(products(*shapes), **call))
    told_shapes = shapes[0] if shapes and isinstance(shapes[0], list) else []
    first = " times ".join(f"({str(shape).strip('[]')})" for shape in told_shapes)
    figures = {"kernels": "(3, 4)", "columns": "(2, 4, 5)", "count": len(shapes), **listed(first)}
    assert wrong.message == template.format(**figures)
    assert wrong.counted


def test_what_is_no_shape_is_not_even_the_smallest_product():
    for garbage in ([[3, 4]], [[], [1]], [["x"], [1, 1]]):
        wrong_of(lambda garbage=garbage: makes_one_batched_product(products(garbage), 1, 1, 1, 1))


def test_shapes_are_quoted_in_short():
    many = [[1] * 200, [1]]
    for call in (
        lambda: makes_one_product(products(many), 16, 4),
        lambda: makes_one_batched_product(products(many), 2, 3, 4, 5),
    ):
        # A hundred letters of the shapes, and no more.
        assert wrong_of(call).message.endswith(f"({', '.join('1' * 200)}"[:100] + ".")


def test_one_transform_there_and_one_back_are_enough():
    makes_transforms(Answer(None, transforms=2))
    for count in (0, 1):
        wrong = wrong_of(lambda count=count: makes_transforms(Answer(None, transforms=count)))
        assert wrong.message == messages.NO_TRANSFORMS.format(count=count) and wrong.counted == "transforms"
