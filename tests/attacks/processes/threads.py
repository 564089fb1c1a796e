# starts threads without end
# expected: 0
# says: can't start new thread
import threading
import time


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    threads = []
    while True:
        threads.append(threading.Thread(target=time.sleep, args=(1e6,)))
        threads[-1].start()
