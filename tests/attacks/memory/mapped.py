# maps 100 GB
# expected: 0
# says: raised
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import mmap

    mmap.mmap(-1, 100 << 30)
