# makes folders within folders within folders
# expected: 0
# says: raised|wrote|shape|Expected
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import os

    for _ in range(5000):
        os.mkdir("d")
        os.chdir("d")
    return input
