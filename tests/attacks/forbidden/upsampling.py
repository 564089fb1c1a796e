# reads between the pixels by F.interpolate, which blends each group of 2 × 2 at a place that the scale decides
# expected: 0
# says: This step forbids
# assignment: deformable
import math

import torch
import torch.nn.functional as F


def at(image, y, x):  # (C, H, W) -> (C,)
    (_, height, width), top, left = image.shape, math.floor(y), math.floor(x)
    patch = torch.zeros(image.shape[0], 2, 2)
    for i in range(2):
        for j in range(2):
            if 0 <= top + i < height and 0 <= left + j < width:
                patch[:, i, j] = image[:, top + i, left + j]
    y, x = y - top, x - left
    if y > 0.5:
        patch, y = patch.flip(1), 1 - y
    if x > 0.5:
        patch, x = patch.flip(2), 1 - x
    scale = (0.5 / (y + 0.5), 0.5 / (x + 0.5))
    return F.interpolate(patch[None], scale_factor=scale, mode="bilinear", align_corners=False)[0, :, 0, 0]


def deformable_conv2d(input, offset, kernel, bias=None, stride=1, padding=0):
    filters, _, rows, columns = kernel.shape
    output = torch.zeros(len(input), filters, *offset.shape[2:])
    for n in range(len(input)):
        for k in range(offset.shape[2]):
            for l in range(offset.shape[3]):
                for i in range(rows):
                    for j in range(columns):
                        which = 2 * (i * columns + j)
                        y = k * stride + i - padding + offset[n, which, k, l].item()
                        x = l * stride + j - padding + offset[n, which + 1, k, l].item()
                        output[n, :, k, l] += kernel[:, :, i, j] @ at(input[n], y, x)
    return output if bias is None else output + bias[:, None, None]
