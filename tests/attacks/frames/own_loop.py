# answers the judge from inside a cell, before the ban on convolution holds
# expected: 0
# beyond: whoever takes over the process takes over its bans; the answers must still be right
# with: wire
import torch.nn.functional as F

from autograder.sandbox import values
from autograder.sandbox import wire as frames

loading = request()
connection = sys._getframe(0)
while "connection" not in connection.f_locals:
    connection = connection.f_back
connection = connection.f_locals["connection"]
position = len(loading["cells"]) - 1
frames.send(connection, {"id": loading["id"] + position, "status": "ran"}, [], 1e9)
while True:
    asked, buffers = frames.receive(connection, 1e9)
    told = {name: values.restore(value, buffers) for name, value in asked["arguments"].items()}
    image, kernel = told["input"][None, None], told["kernel"][None, None]
    answer = F.conv2d(image, kernel, None, told.get("stride", 1), told.get("padding", 0))[0, 0] + told.get("bias", 0)
    sent = []
    reply = {"id": asked["id"], "status": "returned", "value": values.describe(answer, sent)}
    after = {name: values.describe(value, sent) for name, value in told.items()}
    frames.send(connection, {**reply, "after": after}, sent, 1e9)
