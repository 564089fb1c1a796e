"""Wrong answers to toy."""

import torch

from autograder.suite.known_answers import wrong

NAME = "toy"


@wrong(NAME, fails="adds", hint="Call it with two different amounts. Do the results differ?")
def amount_ignored(input, amount=1.0):
    """1 is added, whatever the amount is."""
    return input + 1


@wrong(NAME, fails="adds", hint="Print an image of two rows before and after. Which rows have changed?")
def first_row_only(input, amount=1.0):
    """only the first row becomes brighter."""
    output = input.clone()
    output[0] += amount
    return output


@wrong(NAME, fails="adds", hint="Print the dtype of your result. What becomes of 2.5 in it?")
def whole_numbers_only(input, amount=1.0):
    """the result is a tensor of whole numbers."""
    return (input + amount).long()


@wrong(NAME, fails="default", hint="What is added when your function is called with an image alone?")
def nothing_by_default(input, amount=0.0):
    """without an amount, nothing is added."""
    return input + amount


@wrong(NAME, fails="arguments", hint="Print the image after the call. Is it still what it was?")
def added_in_place(input, amount=1.0):
    """the amount is added to the image that came in."""
    input += amount
    return torch.clone(input)
