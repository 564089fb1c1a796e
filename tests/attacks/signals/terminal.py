# types into the terminal of the machine
# expected: 0
# says: raised
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import fcntl

    fcntl.ioctl(0, 0x5412, b"x")
