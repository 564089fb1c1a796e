"""Fail if an upgrade of torch brings an operation, or a way to one, that the bans do not cover."""

import json

import pytest
import torch

from autograder.sandbox.worker import bans
from tests import forked

# Names in torch that contain these words, and do not do what a step forbids.
PUBLIC = {
    "convolution": (
        "conv1d",
        "conv2d",
        "conv3d",
        "conv_transpose1d",
        "conv_transpose2d",
        "conv_transpose3d",
        "conv_tbc",
    ),
    "convolution_1d": ("conv1d", "conv_transpose1d", "conv_tbc"),
    "unfold": ("unfold", "fold"),
    "pooling": (
        *(f"{kind}_pool{axes}d" for kind in ("max", "avg", "lp", "adaptive_max", "adaptive_avg") for axes in (1, 2, 3)),
        *(f"fractional_max_pool{axes}d" for axes in (2, 3)),
    ),
    "grid_sample": ("grid_sample", "affine_grid"),
    "autograd": (),
}
# These match by accident: constants, coordinates, and the inverse of pooling.
KNOWN = {
    "_convolution_mode",
    "GRID_SAMPLE_INTERPOLATION_MODES",
    "GRID_SAMPLE_PADDING_MODES",
    "meshgrid",
    "convolution",
    "_convolution",
}
KNOWN |= {"max_unpool1d", "max_unpool2d", "max_unpool3d", "_unpool_output_size", "_check_unpool_output_size"}
KEYS = ("CPU", "AutogradCPU", "MkldnnCPU", "QuantizedCPU", "CompositeImplicitAutograd", "CompositeExplicitAutograd")
DISABLE = """
import json, sys, torch
from autograder.sandbox.worker import bans

family, keys = sys.argv[1], sys.argv[2].split(",")
bans.disable([family], bans.close_doors())
alive = []
for namespace, name in bans.operations(family):
    full = f"{namespace}::{name}"
    for key in keys:
        if not torch._C._dispatch_has_kernel_for_dispatch_key(full, key):
            continue
        registered = torch._C._dispatch_dump(full)
        line = next((line for line in registered.splitlines() if line.startswith((f"{key}:", f"{key}[alias]:"))), "")
        if "bans.py" not in line:
            alive.append([full, key, line])
print(json.dumps(alive))
"""
CALLS = """
import json, sys, torch
import torch.nn as nn
import torch.nn.functional as F
from autograder.sandbox.worker import bans

bans.disable(list(bans.FAMILIES), torch._C._dispatch_library)
image, kernel = torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2)
ways = {
    "F": lambda: F.conv2d(image, kernel),
    "torch": lambda: torch.conv2d(image, kernel),
    "nn": lambda: nn.Conv2d(1, 1, 2)(image),
    "transposed": lambda: nn.ConvTranspose2d(1, 1, 2)(image),
    "1-D": lambda: F.conv1d(image[0], kernel[0]),
    "3-D": lambda: F.conv3d(image[None], kernel[None]),
    "packet": lambda: torch.ops.aten.conv2d(image, kernel),
    "overload": lambda: torch.ops.aten.conv2d.default(image, kernel),
    "decompose": lambda: torch.ops.aten.conv2d.default.decompose(image, kernel),
    "oneDNN": lambda: torch.mkldnn_convolution(image, kernel, None, [0, 0], [1, 1], [1, 1], 1),
    "composite": lambda: torch.ops.aten.mkldnn_convolution.default._op_dk(
        torch._C.DispatchKey.CompositeExplicitAutograd, image, kernel, None, [0, 0], [1, 1], [1, 1], 1
    ),
    "layout": lambda: F.conv2d(image.to_mkldnn(), kernel),
    "double": lambda: F.conv2d(image.double(), kernel.double()),
    "bfloat16": lambda: F.conv2d(image.bfloat16(), kernel.bfloat16()),
    "complex": lambda: F.conv2d(image.to(torch.complex64), kernel.to(torch.complex64)),
    "vmap": lambda: torch.vmap(lambda x: F.conv2d(x, kernel))(image[None]),
    "vjp": lambda: torch.func.vjp(lambda x: F.conv2d(x, kernel), image),
    "fold": lambda: F.fold(torch.ones(1, 4, 4), (3, 3), (2, 2)),
    "unfold": lambda: F.unfold(image, 2),
    "max": lambda: F.max_pool2d(image, 2),
    "max 1-D": lambda: F.max_pool1d(image[0], 2),
    "max 3-D": lambda: F.max_pool3d(image[None], (1, 2, 2)),
    "average": lambda: F.avg_pool2d(image, 2),
    "average module": lambda: nn.AvgPool2d(2)(image),
    "adaptive": lambda: F.adaptive_avg_pool2d(image, 1),
    "adaptive max": lambda: F.adaptive_max_pool2d(image, 1),
    "fractional": lambda: F.fractional_max_pool2d(image, 2, output_size=2),
    "powers": lambda: F.lp_pool2d(image, 2, 2),
    "grid": lambda: F.grid_sample(image, torch.zeros(1, 2, 2, 2), align_corners=False),
}
open_ways = []
for name, call in ways.items():
    for mode in (torch.enable_grad, torch.no_grad, torch.inference_mode):
        try:
            with mode():
                call()
        except bans.Forbidden:
            continue
        except Exception as error:
            open_ways.append([name, mode.__name__, repr(error)])
            continue
        open_ways.append([name, mode.__name__, "answered"])
image.unfold(2, 2, 1), torch.einsum("ij,jk", image[0, 0], image[0, 0]), F.pad(image, (1, 1)), image @ image
torch.as_strided(image, (2, 2), (1, 1)), torch.fft.rfft2(image), F.linear(image, image[0, 0])
print(json.dumps(open_ways))
"""


def child(code: str, *arguments: str) -> list:
    """Run code in a process of its own, since bans are for good; return the JSON that it prints."""
    done = forked.run(code, *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("family", bans.FAMILIES)
def test_every_kernel_of_every_operation_is_replaced(family: str) -> None:
    least = {"convolution": 100, "convolution_1d": 30, "unfold": 3, "pooling": 40, "grid_sample": 5, "autograd": 1}
    assert len(bans.operations(family)) >= least[family]
    assert child(DISABLE, family, ",".join(KEYS)) == []


@pytest.mark.parametrize("family", bans.FAMILIES)
def test_every_public_name_is_one_of_the_operations(family: str) -> None:
    known = " ".join(name for _, name in bans.operations(family))
    for name in PUBLIC[family]:
        assert hasattr(torch.nn.functional, name) or hasattr(torch, name), name
    roots = {"unfold": ("im2col", "col2im"), "grid_sample": ("grid_sampler", "affine_grid_generator")}
    for name in roots.get(family, PUBLIC[family]):
        # Pooling by powers is Python code over average pooling.
        assert name.replace("lp_", "avg_") in known, name


def test_no_public_name_that_sounds_like_it_is_unknown() -> None:
    """A person must look at each new function whose name suggests one of the families."""
    words = ("conv", "pool", "unfold", "fold", "grid")
    expected = {name for names in PUBLIC.values() for name in names}
    known = {name.partition(".")[0] for family in bans.FAMILIES for _, name in bans.operations(family)}
    for module in (torch.nn.functional, torch):
        found = {name for name in dir(module) if any(word in name for word in words)}
        unknown = {name for name in found - known if not any(one in name for one in expected)}
        unknown = {name for name in unknown if "convert" not in name and not bans.ELSEWHERE.search(name)}
        assert unknown <= KNOWN, unknown - KNOWN


@pytest.mark.slow
def test_every_way_that_we_know_is_closed_and_what_is_allowed_still_works() -> None:
    assert child(CALLS) == []


ONE_AXIS = """
import json, threading, torch
import torch.nn as nn
import torch.nn.functional as F
from autograder.sandbox.worker import bans

signals, kernel = torch.ones(2, 3, 9), torch.ones(4, 3, 3)
images, kernels = torch.ones(2, 4, 5, 6), torch.ones(4, 2, 3, 2)
options = None, [1], [0], [1], False, [0], 1


def in_a_thread():
    raised = []

    def tried():
        try:
            torch.convolution(signals, kernel, *options)
        except Exception as error:
            raised.append(error)

    thread = threading.Thread(target=tried)
    thread.start()
    thread.join()
    raise raised[0] if raised else AssertionError("answered")


dead = {
    "F": lambda: F.conv1d(signals, kernel),
    "without a batch": lambda: F.conv1d(signals[0], kernel),
    "nn": lambda: nn.Conv1d(3, 4, 3)(signals),
    "transposed": lambda: nn.ConvTranspose1d(3, 4, 3)(signals),
    "convolution": lambda: torch.convolution(signals, kernel, *options),
    "overload": lambda: torch.ops.aten.convolution.default(signals, kernel, *options),
    "composite": lambda: torch.ops.aten.convolution.default._op_dk(
        torch._C.DispatchKey.CompositeExplicitAutograd, signals, kernel, *options
    ),
    "oneDNN": lambda: torch.mkldnn_convolution(signals, kernel, None, [0], [1], [1], 1),
    "backward": lambda: torch.nn.grad.conv1d_input((2, 3, 9), kernel, torch.ones(2, 4, 7)),
    "by name": lambda: torch.convolution(
        input=signals, weight=kernel, bias=None, stride=[1], padding=[0], dilation=[1], transposed=False,
        output_padding=[0], groups=1,
    ),
    "thread": in_a_thread,
}
alive = {
    "groups": lambda: F.conv2d(images, kernels, torch.ones(4), 2, 1, 1, 2),
    "same": lambda: F.conv2d(images, torch.ones(1, 4, 3, 3), padding="same"),
    "without a batch": lambda: F.conv2d(images[0], torch.ones(1, 4, 2, 2)),
    "transposed": lambda: F.conv_transpose2d(images, torch.ones(4, 2, 3, 3), stride=2),
    "one row": lambda: F.conv2d(signals[:, :, None], kernel[:, :, None]),
    "nn": lambda: nn.Conv2d(4, 2, 3, bias=False)(images) * 0,
}
before = {name: call() for name, call in alive.items()}
bans.disable(["convolution_1d"], bans.close_doors())
wrong = []
for mode in (torch.enable_grad, torch.no_grad, torch.inference_mode):
    with mode():
        wrong += [name for name, call in alive.items() if not torch.allclose(call(), before[name], atol=1e-5)]
        for name, call in dead.items():
            try:
                call()
            except bans.Forbidden:
                continue
            except Exception as error:
                name = f"{name}: {error!r}"
            wrong.append(name)
print(json.dumps(wrong))
"""


@pytest.mark.slow
def test_convolution_over_one_axis_is_dead_and_over_two_alive() -> None:
    assert child(ONE_AXIS) == []
