"""Right answers to toy."""

import torch

from autograder.suite.known_answers import right

NAME = "toy"


@right(NAME)
def at_once(input, amount=1.0):
    return input + amount


@right(NAME)
def by_loops(input, amount=1.0):
    output = torch.zeros_like(input)
    for row in range(input.shape[0]):
        for column in range(input.shape[1]):
            output[row, column] = input[row, column] + amount
    return output


@right(NAME)
def by_numpy(input, amount=1.0):
    return torch.from_numpy(input.numpy() + amount).float()


@right(NAME)
def by_lists(input, amount=1.0):
    return torch.tensor([[number + amount for number in row] for row in input.tolist()])
