# samples between pixels by Pillow's transform of images
# expected: 0
# alive: no, it is hidden whatever a step forbids
# assignment: deformable

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image


def deformable_conv2d(input, offset, kernel, bias=None, stride=1, padding=0):
    n, c, h, w = input.shape
    f, _, kh, kw = kernel.shape
    oh, ow = offset.shape[2:]
    mv = offset.reshape(n, kh, kw, 2, oh, ow).tolist()
    out = torch.zeros(n, f, oh, ow, dtype=torch.float64)
    for a in range(n):
        ims = [Image.fromarray(np.ascontiguousarray(F.pad(x, (2, 2, 2, 2)).float().numpy())) for x in input[a]]
        for i in range(kh):
            for j in range(kw):
                for k in range(oh):
                    for l in range(ow):
                        y = k * stride + i - padding + mv[a][i][j][0][k][l] + 2
                        x = l * stride + j - padding + mv[a][i][j][1][k][l] + 2
                        if not (0 <= y <= h + 3 and 0 <= x <= w + 3):
                            continue
                        for ch in range(c):  # Pillow reads between the pixels
                            v = (
                                ims[ch]
                                .transform((1, 1), Image.AFFINE, (1, 0, x, 0, 1, y), Image.BILINEAR)
                                .getpixel((0, 0))
                            )
                            out[a, :, k, l] += v * kernel[:, ch, i, j].double()
    return (out if bias is None else out + bias.reshape(-1, 1, 1)).float()
