# sends no bytes in 2^52 rows
# expected: 0
# says: Expected|did not return|ended|raised|parameters|defines none
# with: answer, wire
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    forge(status="returned", value={"tensor": 0}, buffers=[{"dtype": "float32", "shape": [1 << 26, 1 << 26, 0]}])
