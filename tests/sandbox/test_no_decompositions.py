"""Workers have PyTorch without its decompositions. All else works as it does outside."""

import json
import subprocess
import sys
from typing import Any

import pytest
import torch

from autograder.notebooks.read import Cell, Submission
from autograder.sandbox.host import Sandbox
from autograder.sandbox.session import Session
from autograder.sandbox.worker.no_decompositions import FIRST, OTHERS

IMPORT = "import torch, torch.nn.functional as F\n"
X = [[[1.0, 2.0] * 4] * 4] * 2
# What a learner may use whose first call would have imported them.
ALLOWED = {
    "vmap": "torch.vmap(torch.addr)(torch.ones(5, 2, 3), torch.ones(5, 2), torch.ones(5, 3))",
    "a loss over a batch": "torch.vmap(F.mse_loss)(x, x + 1)",
    "a gradient of a loss over a batch": "torch.vmap(torch.func.grad(F.mse_loss))(x, x + 1)",
    "a gradient over a batch": "torch.vmap(torch.func.grad(lambda a: a.pow(3).sum()))(x)",
    "jacrev": "torch.func.jacrev(torch.tanh)(torch.ones(3))",
    "jacfwd": "torch.func.jacfwd(torch.tanh)(torch.ones(3))",
    "hessian": "torch.func.hessian(lambda a: (a ** 3).sum())(torch.ones(3))",
    "jvp": "torch.func.jvp(torch.sin, (x,), (x,))[1]",
    "vjp": "torch.func.vjp(torch.sin, x)[1](x)[0]",
    "jacobian": "torch.autograd.functional.jacobian(lambda a: a * 2, torch.ones(3))",
    "a layer": "torch.nn.Linear(8, 2).requires_grad_(False)(x) * 0",
    "an optimizer": "torch.optim.Adam([torch.ones(3, requires_grad=True)]).param_groups[0]['params'][0].detach()",
    "a sparse matrix": "torch.eye(3).to_sparse() @ torch.ones(3, 3)",
    "interpolate": "F.interpolate(x[None], scale_factor=2)",
    "a picture's transform": "torch.fft.fft2(x).real",
    "a generator": "torch.randint(0, 9, (4,), generator=torch.Generator().manual_seed(1))",
    "a permutation": "torch.randperm(9, generator=torch.Generator().manual_seed(1))",
    "broadcast_shapes": "torch.tensor(torch.broadcast_shapes((2, 1), 3, (1, 1, 3)))",
    "no shapes": "torch.ones(torch.broadcast_shapes())",
    "a distribution": "torch.distributions.Normal(torch.zeros(2, 1), torch.ones(3)).log_prob(torch.ones(3))",
    "an LSTM": "torch.stack([p.sum() * 0 for p in torch.nn.LSTM(2, 2).parameters()]).detach()",
    "a loader": "torch.cat([*torch.utils.data.DataLoader(x, batch_size=1)])",
    "a split": "torch.tensor(sorted(len(s) for s in torch.utils.data.random_split(range(9), [4, 5])))",
    "a script": "torch.jit.script(torch.nn.Threshold(0.5, 0.0))(x)",
    "a graph": "torch.fx.symbolic_trace(torch.nn.Threshold(0.5, 0.0))(x)",
    "a copy": "__import__('copy').deepcopy(torch.nn.Threshold(0.5, 0.0))(x)",
    "attention": "F.scaled_dot_product_attention(x, x, x)",
    "a transformer": "torch.nn.TransformerEncoderLayer(8, 2, 4, dropout=0.0)(x) * 0",
    "grid": "torch.stack(torch.meshgrid(torch.arange(3), torch.arange(2), indexing='ij'))",
    "a norm": "torch.linalg.norm(x, dim=(1, 2))",
    "a histogram": "torch.histc(x, 3)",
    "a masked tensor": "torch.masked.sum(x, mask=x > 1)",
    "a tensor without numbers": "torch.ones(torch.empty(2, 3, device='meta').T.shape)",
}
GONE = (FIRST, *OTHERS)
TRIED = """
def tried(x):
    import importlib, sys
    alive = []
    for number, name in enumerate({names}):
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        alive.append(number)
    return torch.tensor(alive)
"""


def answer_of(sandbox: Sandbox, source: str, name: str) -> torch.Tensor:
    """Return what a learner's function returns for X. The step forbids pooling."""
    submission = Submission("conv2d", "x", (Cell("cell 1", source),))
    with Session(sandbox, submission, IMPORT, ("pooling",)) as session:
        return session.call(name, {"x": torch.tensor(X)}).value


@pytest.fixture(scope="module")
def outside() -> dict[str, Any]:
    """What each of them gives where PyTorch is whole."""
    lines = [IMPORT, "import json", f"x, told = torch.tensor({X}), {{}}"]
    for name, expression in ALLOWED.items():
        lines += ["torch.manual_seed(0)", f"told[{name!r}] = ({expression}).tolist()"]
    code = "\n".join([*lines, "print(json.dumps(told))"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALLOWED)
def test_what_asks_for_them_at_its_first_call_works_without(name: str, sandbox: Sandbox, outside) -> None:
    found = answer_of(sandbox, f"def tried(x):\n    return {ALLOWED[name]}", "tried")
    assert torch.equal(found, torch.tensor(outside[name]))


@pytest.mark.slow
def test_no_worker_has_or_imports_them(sandbox: Sandbox) -> None:
    assert answer_of(sandbox, TRIED.format(names=GONE), "tried").numel() == 0
    assert answer_of(sandbox, TRIED.format(names=("torch._tensor",)), "tried").tolist() == [0]


# Prints which modules the first one imports, and which of them can be imported before it, each in a fork.
EACH = """
import importlib, json, os, sys
from autograder.sandbox.worker.no_decompositions import FIRST, left_out
with left_out():
    import torch

def forked(tell):
    sees, tells = os.pipe()
    if os.fork() == 0:
        try:
            os.write(tells, json.dumps(tell()).encode())
        finally:
            os._exit(0)
    os.close(tells)
    with open(sees) as told:
        return json.loads(told.read() or "null")

def belongs():
    before = {*sys.modules}
    importlib.import_module(FIRST)
    return sorted({*sys.modules} - before)

def shape(name):
    module = importlib.import_module(name)
    image, kernel = torch.ones(1, 1, 4, 4, device="meta"), torch.ones(1, 1, 2, 2, device="meta")
    return [module is sys.modules[name], list(torch.nn.functional.conv2d(image, kernel).shape)]

absent = not {*sys.modules} & {FIRST, "torch._decomp"} and "_meta_registrations" not in vars(torch)
print(json.dumps([absent, {name: forked(lambda: shape(name)) for name in forked(belongs)}]))
"""
# These need none of the others.
ALONE = ("torch._prims_common.wrappers", "torch.testing._internal.common_dtype")


@pytest.mark.long
def test_each_can_be_imported_after_an_import_that_left_them_out() -> None:
    """A judge may need them, and gets PyTorch as it is. Python's usual order of imports would fail."""
    done = subprocess.run([sys.executable, "-c", EACH], capture_output=True, text=True, check=True)
    absent, shapes = json.loads(done.stdout)
    assert absent and len(shapes) > 10
    assert {*OTHERS, FIRST} <= shapes.keys()
    assert [name for name in shapes if shapes[name] != [True, [1, 1, 3, 3]] and name not in ALONE] == []


USED = [
    "torch.broadcast_shapes((2, 1), (3,))",
    "torch._decomp.decompositions.im2col",
    "torch.Generator()",
    "torch.vmap(F.mse_loss)(x, x)",
    "torch.func.jvp(F.mse_loss, (x, x), (x, x))",
    "torch.optim.Adam([x])",
]


@pytest.mark.long
@pytest.mark.parametrize("code", USED)
def test_what_judges_may_use_works_where_they_were_left_out(code: str) -> None:
    lines = ["from autograder.sandbox.worker.no_decompositions import left_out", "with left_out():", "    import torch"]
    lines += ["import torch.nn.functional as F", "x = torch.zeros(5, 4)", code]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)
