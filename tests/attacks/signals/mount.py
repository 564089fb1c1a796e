# mounts a file system
# expected: 0
# says: stopped
# with: answer
import ctypes
import os
import platform


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    libc = ctypes.CDLL(None, use_errno=True)
    number = 165 if platform.machine() == "x86_64" else 40
    if libc.syscall(number, b"x", b".", b"tmpfs", 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "stopped")
    return right(input, kernel, bias, stride, padding)
