"""Where a step forbids autograd, nothing computes a gradient, and all other results are the same."""

import json
from pathlib import Path

import pytest
import torch

from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.answers import Wrong
from autograder.sandbox.session import Session
from tests import forked

WAYS = """
import json, warnings, torch
import torch.nn.functional as F
import torch.autograd.forward_ad as forward
from autograder.sandbox.worker import bans
from autograder.sandbox.worker import autograd_ban

warnings.simplefilter("ignore")
image, kernel, before = torch.rand(2, 3, 5, 5), torch.rand(4, 3, 3, 3), torch.nn.Parameter(torch.ones(2))


def convolve(image):
    return torch.einsum("ncijkl,fckl->nfij", image.unfold(2, 3, 1).unfold(3, 3, 1), kernel)


def total(image):
    return convolve(image).sum()


def asking(make=torch.Tensor.clone):
    return make(image).requires_grad_()


def by_attribute():
    copy = image.clone()
    copy.requires_grad = True
    return total(copy)


def in_another_layout():
    one = asking(torch.Tensor.to_mkldnn)
    return torch.autograd.grad((one * one).to_dense().sum(), [one])


def dual():
    with forward.dual_level():
        return convolve(forward.make_dual(image, image))


class Own(torch.autograd.Function):
    @staticmethod
    def forward(context, one):
        return one * 2

    @staticmethod
    def backward(context, gradient):
        return gradient * 2


@torch.jit.script
def scripted(one, other):
    (one * other).sum().backward()
    return one.grad


stashed = torch.autograd.Variable._execution_engine.run_backward
ways = {
    "backward": lambda: total(asking()).backward(),
    "grad": lambda: torch.autograd.grad(total(asking()), [image]),
    "an engine set aside": lambda: stashed((total(asking()),), (torch.ones(()),), False, False, (), False),
    "attribute": by_attribute,
    "parameter": lambda: torch.nn.Parameter(image) * 2,
    "parameter from before": lambda: before * 2,
    "layer": lambda: torch.nn.Linear(5, 2)(image),
    "another layout": in_another_layout,
    "among others": lambda: torch.cat([image, asking()]),
    "by name": lambda: torch.mul(image, other=asking()),
    "enabled again": lambda: torch.no_grad()(torch.enable_grad()(lambda: total(asking())))(),
    "vjp": lambda: torch.func.vjp(convolve, image),
    "func.grad": lambda: torch.func.grad(total)(image),
    "jacrev": lambda: torch.func.jacrev(total)(image),
    "jacfwd": lambda: torch.func.jacfwd(total)(image),
    "jvp": lambda: torch.func.jvp(convolve, (image,), (image,)),
    "functional": lambda: torch.autograd.functional.jacobian(total, image),
    "dual": dual,
    "own function": lambda: Own.apply(asking()),
    "script": lambda: scripted(asking(), image),
    "library": lambda: torch.nn.grad.conv2d_input(image.shape, kernel, torch.ones(2, 4, 3, 3)),
}


def written():
    made = torch.zeros(3, 3)
    made[0, 0], made[1:, 1] = 1.0, image[0, 0, 0, :2]
    made[1:] += 5
    made[0, :2].mul_(3)
    return made.add_(1)


alive = {
    "windows": lambda: convolve(image),
    "numbers": lambda: (1 - image) * 2 / (image + 0.5) ** 2,
    "double": lambda: torch.from_numpy(image.double().numpy()) * 0.1,
    "whole": lambda: torch.arange(4) * 0.5,
    "pad": lambda: F.pad(image, (1, 2, 0, 1)),
    "strides": lambda: image.permute(0, 2, 3, 1).contiguous().as_strided((2, 2), (3, 1)),
    "parts": lambda: torch.stack(image.split(1)).flip(1) @ image.unbind()[0],
    "where": lambda: torch.where(image > 0.5, image, 0.0)[image > 0.2].max(0)[0],
    "written": written,
    "added": lambda: image.index_add(0, torch.tensor([0]), image[:1]),
    "fold": lambda: F.fold(torch.ones(1, 4, 4), (3, 3), (2, 2)),
    "vmap": lambda: torch.vmap(torch.neg)(image),
    "data": lambda: torch.nn.Parameter(image).data.clone(),
    "printed": lambda: torch.tensor([float(ord(letter)) for letter in repr(image)]),
}
expected = {name: call() for name, call in alive.items()}
bans.warm_up()
library = bans.close_doors()
autograd_ban.disable(library)
bans.disable(["convolution", "autograd"], library)
wrong = []
for name, call in ways.items():
    try:
        call()
    except bans.Forbidden:
        continue
    except Exception as error:
        # A script raises an error of its own type.
        if name == "script" and "autograd_ban.py" in str(error):
            continue
        name = f"{name}: {error!r}"
    wrong.append(name)
for name, call in alive.items():
    value = call()
    if value.dtype != expected[name].dtype or not torch.equal(value, expected[name]):
        wrong.append(name)
print(json.dumps(wrong))
"""


@pytest.mark.slow
def test_every_way_that_we_know_is_closed_and_all_else_still_works(tmp_path: Path) -> None:
    # A file, because TorchScript reads the source of what it compiles.
    (tmp_path / "ways.py").write_text(WAYS, encoding="utf-8")
    done = forked.run(f"import runpy; runpy.run_path({str(tmp_path / 'ways.py')!r})")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


AUTOGRAD = """
def twice(input):
    one = input.clone().requires_grad_()
    (one * one).sum().backward()
    return one.grad
"""


def test_where_it_is_used_is_told_with_the_rule(sandbox) -> None:
    submission = Submission("gradient", "x.ipynb", (Cell("cell 1", AUTOGRAD),))
    refused = pytest.raises(Wrong, match=r"twice calls autograd \(cell 1, line 4: .*forbids .* and automatic gradients")
    with Session(sandbox, submission, "import torch", ["convolution", "autograd"]) as session, refused:
        session.call("twice", {"input": torch.ones(2)}, ("input",))
    with Session(sandbox, submission, "import torch", ["convolution"]) as session:
        answer = session.call("twice", {"input": torch.ones(2)}, ("input",))
        assert torch.equal(answer.value, torch.full((2,), 2.0))
