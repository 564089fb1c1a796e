# sends a reply one byte a second
# expected: 0
# says: did not return|stopped|used up
# with: answer, wire
# slow: yes
import time


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    data = struct.pack(">I", 400)
    for byte in data + b" " * 400:
        put(bytes([byte]))
        time.sleep(0.05)
