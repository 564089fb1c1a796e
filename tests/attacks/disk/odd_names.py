# leaves files with names that are no text
# expected: 0
# says: Expected|raised
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import os

    for name in (b"\xff\xfe", b"\n", b"-rf", b"a" * 255):
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
    return input
