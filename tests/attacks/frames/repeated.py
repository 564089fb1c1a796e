# names one large buffer thousands of times
# expected: 0
# says: Expected|did not return|ended|raised|stopped|parameters|defines none
# with: answer, wire
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    one = {"tensor": 0}
    value = {"items": [{"items": [one] * 64}] * 64}
    forge(
        status="returned",
        value={"items": [value] * 8},
        buffers=[{"dtype": "uint8", "shape": [1 << 24]}],
        data=bytes(1 << 24),
    )
