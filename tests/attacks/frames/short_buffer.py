# announces a buffer and sends half of it
# expected: 0
# says: Expected|did not return|ended|raised|parameters|defines none
# with: answer, wire
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    say(
        {
            "id": reply_number(),
            "status": "returned",
            "value": {"tensor": 0},
            "buffers": [{"dtype": "float32", "shape": [100]}],
        },
        bytes(200),
    )
    os._exit(0)
