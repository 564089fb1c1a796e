# sends more buffers than there may be
# expected: 0
# says: Expected|did not return|ended|raised|parameters|defines none
# with: answer, wire
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    forge(status="returned", value={"tensor": 0}, buffers=[{"dtype": "bool", "shape": [1]}] * 1000, data=bytes(1000))
