# says that it raised, with a number for its classes
# expected: 0
# says: Expected|did not return|ended|raised|parameters|defines none
# with: answer, wire
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    forge(status="raised", type="X", message="m", bases=5)
