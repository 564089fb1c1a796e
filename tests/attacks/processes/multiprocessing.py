# starts a pool
# expected: 0
# says: raised
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import multiprocessing

    multiprocessing.get_context("fork").Pool(4)
