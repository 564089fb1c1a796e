# returns a value whose class ends the process when it is asked for its name
# expected: 0
# says: ended|raised
# with: answer
import os


class Meta(type):
    @property
    def __qualname__(cls):
        os._exit(0)


class Evil(metaclass=Meta):
    pass


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return Evil()
