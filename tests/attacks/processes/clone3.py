# calls clone3 past the C library
# expected: 0
# says: stopped|not permitted
import ctypes
import os
import platform


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    libc = ctypes.CDLL(None, use_errno=True)
    number = 435 if platform.machine() == "x86_64" else 435
    if libc.syscall(number, 17, 0, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "stopped")
    os._exit(7)
