"""What a page tells of hidden calls is bounded in all, however a function puts hidden inputs into what it says."""

import json
import re

import pytest
import torch

from autograder.explain.disclosure import MOST_MISSHAPEN, MOST_NUMBERS, MOST_TEXT, limited, told_once
from autograder.report.report import Report
from autograder.sandbox.answers import Raised, Refused, Words, Wrong
from autograder.suite.compare import shape_of
from tests.report.test_outlets import outlets

# Numbers that no honest answer has: what is found of them in a report was put there by the learner.
HEAD = """
SEEN = []


def hidden(values):
    # 8-digit numbers that begin with 77, one for each hidden number; each is exact in float32.
    return [7700000 + int(abs(number) * 1000) % 9999 + 0.5 * 0 for number in values]


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    height = (input.shape[0] + 2 * padding - kernel.shape[0]) // stride + 1
    width = (input.shape[1] + 2 * padding - kernel.shape[1]) // stride + 1
    padded = F.pad(input, (padding,) * 4)
    windows = padded.unfold(0, kernel.shape[0], stride).unfold(1, kernel.shape[1], stride)
    right = (windows * kernel).sum((-1, -2)) + bias
    SEEN.extend(hidden(input.flatten().tolist()))
    plain = stride == 1 and padding == 0 and input.shape[0] == input.shape[1] and not isinstance(bias, torch.Tensor)
    if plain and bias == 0:
        return right
    return leak(right, input, kernel)
"""
LEAKS = {
    "values": "return torch.tensor((hidden(input.flatten().tolist()) * 99)[: right.numel()]).reshape(right.shape)",
    "more values": "return torch.tensor((SEEN * 99)[:400], dtype=torch.float64).reshape(20, 20)",
    "a list": "return SEEN[:300]",
    "text": "return ','.join(map(str, SEEN))[:300]",
    "an exception": "raise ValueError(' '.join(f'{number:.0f}' for number in SEEN[-40:]))",
    "an exception's name": "raise type('_'.join(f'{number:.0f}' for number in SEEN[-12:]), (Exception,), {})('x')",
    "axes": "return torch.zeros([int(number) for number in SEEN[:1]] + [1] * 40 + [0])",
}
NUMBER = re.compile(r"77\d{5}")


def leaking(how: str) -> str:
    return f"{HEAD}\n\ndef leak(right, input, kernel):\n    {LEAKS[how]}\n"


@pytest.fixture(scope="module")
def reports(graded) -> dict[str, Report]:
    return {how: graded(leaking(how)) for how in LEAKS}


@pytest.mark.long
@pytest.mark.parametrize("how", LEAKS)
def test_few_hidden_numbers_come_out_by_any_outlet(the_course, reports, how):
    report = reports[how]
    failed = [check for check in report.checks if check.outcome == "failed"]
    assert len(failed) >= 3 and not report.has_error
    # The sentences of a check, its message and its rule, hold three numbers at most.
    room = MOST_NUMBERS + 3 * len(failed) + MOST_TEXT // 8
    for outlet, text in outlets(the_course, report).items():
        shown = set(NUMBER.findall(text))
        assert len(shown) <= room, (outlet, len(shown))
    numbers = sum(len(NUMBER.findall(json.dumps(check.counterexample.got))) for check in failed if check.counterexample)
    assert numbers <= MOST_NUMBERS


@pytest.mark.long
def test_words_of_exceptions_are_bounded_in_all(reports):
    for how in ("an exception", "an exception's name"):
        messages = [check.message for check in reports[how].checks if check.outcome == "failed"]
        words = sum(len(found) for message in set(messages) for found in NUMBER.findall(message))
        assert words <= MOST_TEXT
        # An honest learner still reads the first one whole.
        assert "raised" in messages[0] and NUMBER.search(messages[0])


def test_numbers_of_returned_tensors_are_bounded_smallest_first():
    def wrong(*shape: int, expected: tuple[int, ...] = ()) -> Wrong:
        return Wrong("m", expected=torch.zeros(expected or shape), got=torch.ones(shape))

    answers = {
        "large": wrong(7, 8),
        "small": wrong(3),
        "middle": wrong(5, 5),
        "misshapen": wrong(3, 7, expected=(2, 2)),
    }
    found = limited(answers)
    assert [name for name, shown in found.items() if shown.got is not None] == ["small", "middle"]
    assert limited({"few": wrong(MOST_MISSHAPEN, expected=(2,))})["few"].got is not None
    assert limited({"all": wrong(8, 8)})["all"].got is not None


def test_the_same_words_cost_nothing_a_second_time_and_later_ones_are_left_out():
    def raised(own: str, name: str = "MyError") -> Wrong:
        return Wrong(f"f raised {own}", words=Words(own, name, f"f raised {name}.", "f raised an exception."))

    long = "x" * (MOST_TEXT - 10)
    found = limited({"one": raised(long), "two": raised(long), "three": raised("y" * 20), "four": raised("z", "Other")})
    assert [shown.message for shown in found.values()] == [
        f"f raised {long}",
        f"f raised {long}",
        "f raised MyError.",
        "f raised z",
    ]
    names = {str(n): raised("y" * 390, f"Name{n:020}") for n in range(30)}
    assert sum(len(f"Name{n:020}") for n in range(30) if f"Name{n:020}" in str(limited(names))) <= MOST_TEXT
    builtin = limited(
        {"one": raised(long), "two": raised("y" * 390, "ValueError"), "three": raised("z" * 390, "KeyError")}
    )
    assert [shown.message for shown in builtin.values()][1:] == ["f raised ValueError.", "f raised KeyError."]


def test_shapes_are_bounded():
    assert shape_of(torch.zeros(3, 4)) == "(3, 4)" and shape_of(torch.zeros(3)) == "(3,)"
    assert shape_of(torch.zeros([2, 1, 1, 1, 1, 1, 2, 3])) == "(2, 1, 1, 1, 1, 1, …)"
    assert shape_of(torch.zeros(123456, 0)) == "(>9999, 0)"


def test_an_error_that_comes_back_is_told_once():
    wrongs = {
        "a": Raised("f raised ValueError: no (cell 1, line 2: g())", ["ValueError"]),
        "b": Raised("f raised ValueError: no (cell 1, line 3: g())", ["ValueError"]),
        "c": Raised("f raised ValueError: no (cell 1, line 2: g())", ["ValueError"]),
        "d": Wrong("Expected 1 at [0, 0], got 2; 1 of 1 values differs."),
        "e": Wrong("Expected 1 at [0, 0], got 2; 1 of 1 values differs."),
        "f": Refused("f is not implemented yet: it raises NotImplementedError.", ["NotImplementedError"]),
        "g": Refused("f is not implemented yet: it raises NotImplementedError.", ["NotImplementedError"]),
    }
    told = told_once(wrongs, {id: id.upper() for id in wrongs})
    assert told["c"].message == "The same error as in “A”." and told["c"].again
    others = {id: shown for id, shown in told.items() if id != "c"}
    assert {id: shown.message for id, shown in others.items()} == {id: wrongs[id].message for id in others}
    assert not any(shown.again for shown in others.values())
