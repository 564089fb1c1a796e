# loops for ever and swallows every exception
# expected: 0
# says: stopped after|waiting
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
