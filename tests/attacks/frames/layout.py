# asks the judge to lay a tensor out in 256 times its memory
# expected: 0
# says: Expected|did not return|ended|raised|parameters|defines none
# with: answer, wire
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    forge(
        status="returned",
        value={"tensor": 0, "layout": "sliced"},
        buffers=[{"dtype": "uint8", "shape": [8] * 8}],
        data=bytes(8**8),
    )
