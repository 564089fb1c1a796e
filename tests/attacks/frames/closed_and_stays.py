# closes its socket and does not end
# expected: 0
# says: did not return: it closed the connection
# with: answer, wire
import time


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    os.close(SOCKET)
    while True:
        time.sleep(1)
