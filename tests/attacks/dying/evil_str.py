# raises an exception that raises when it is looked at
# expected: 0
# says: raised Evil
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    class Evil(Exception):
        def __str__(self):
            raise BaseException

    raise Evil
