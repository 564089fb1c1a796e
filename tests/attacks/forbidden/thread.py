# calls F.conv2d in a thread of its own
# expected: 0
# says: can't start new thread
# alive: no: no threads
import threading

import torch
import torch.nn as nn
import torch.nn.functional as F


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image, weight = F.pad(input, (padding,) * 4)[None, None], kernel[None, None]
    result = []
    thread = threading.Thread(target=lambda: result.append(F.conv2d(image, weight, stride=stride)))
    thread.start()
    thread.join()
    return (result[0])[0, 0] + bias
