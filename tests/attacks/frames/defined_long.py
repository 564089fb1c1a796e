# says that the function is missing, with 100,000 similar names
# expected: 0
# says: Expected|did not return|ended|raised|parameters|defines none
# with: answer, wire
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    forge(status="missing", defined=["matrix_multiplication_for_conv2"] * 20_000)
