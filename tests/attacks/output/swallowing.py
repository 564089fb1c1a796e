# prints for ever and swallows the refusal
# expected: 0
# says: printed more than|stopped after
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    while True:
        try:
            print("x" * 1000)
        except BaseException:
            pass
