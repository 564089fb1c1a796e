# prints all inputs on every stream
# expected: 0
# never: MARK
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import os
    import sys

    for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        print("MARK", input, file=stream)
    os.write(1, b"MARK")
    os.write(2, b"MARK")
    return input * 0
