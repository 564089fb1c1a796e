# raises GeneratorExit
# expected: 0
# says: GeneratorExit
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    raise GeneratorExit
