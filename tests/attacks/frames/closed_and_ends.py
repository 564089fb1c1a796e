# closes its socket and ends a little later
# expected: 0
# says: ended the Python process .exit status 5.
# with: answer, wire
import time


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    os.close(SOCKET)
    time.sleep(0.2)
    os._exit(5)
