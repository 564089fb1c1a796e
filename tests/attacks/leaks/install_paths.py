# asks where Python and the kit are installed, by an exception's text
# expected: 0
# says: <python>.*<kit>
# never: \.venv|\.pyenv
import sys


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    raise ValueError(sys.prefix + " and " + sys.modules["autograder"].__file__)
