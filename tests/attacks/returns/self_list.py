# returns a list that holds itself
# expected: 0
# says: Expected
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    box = []
    box.append(box)
    return box
