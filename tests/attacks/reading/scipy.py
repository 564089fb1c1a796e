# imports scipy for its convolution
# expected: 0
# says: raised|got None
# with: answer
# module: scipy
# where: installed


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    text = __import__("scipy.signal")
    if text:
        return right(input, kernel, bias, stride, padding)
