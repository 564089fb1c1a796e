# never ends its cell and answers the judge from there, by library convolution
# expected: 0
# with: wire
import socket

import torch.nn.functional as F

from autograder.sandbox.worker import values
from autograder.sandbox.worker import wire as frames

connection = outer("connection", socket.socket)
current = reply_number()
frames.send(connection, {"id": current, "status": "ran"}, [], 1e9)
while True:
    current += 1
    asked, buffers = frames.receive(connection, 1e9)
    told = {name: values.restore(value, buffers) for name, value in asked["arguments"].items()}
    stride, padding, bias = told.get("stride", 1), told.get("padding", 0), told.get("bias", 0)
    answer = F.conv2d(told["input"][None, None], told["kernel"][None, None], None, stride, padding)[0, 0] + bias
    sent = []
    reply = {"id": current, "status": "returned", "value": values.describe(answer, sent)}
    after = {name: values.describe(value, sent) for name, value in told.items()}
    frames.send(connection, {**reply, "after": after}, sent, 1e9)
