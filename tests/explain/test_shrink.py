"""The smallest call keeps what its numbers mean."""

from dataclasses import replace

import torch

from autograder.explain.shrink import smallest
from autograder.sandbox.answers import Wrong
from autograder.suite.check import Learner
from autograder.suite.load import load_suite


def test_whole_numbers_stay_when_the_others_are_counted():
    step = next(check for check in load_suite("network").checks if check.id == "step")

    def body(learner: Learner, case):
        raise Wrong("Wrong.", case=case)

    case = step.drawn(2026)[0]
    small = smallest(Learner(None, 2026), replace(step, body=body), Wrong("Wrong.", case=case), 20)
    assert not small.case.arguments["labels"].is_floating_point()
    assert torch.equal(small.case.arguments["images"].flatten()[:3], torch.tensor([1.0, 2, 3]))
