# leaves a thread that answers later calls
# expected: 0
# says: can't start new thread
import threading


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    threading.Thread(target=print, daemon=True).start()
    return input
