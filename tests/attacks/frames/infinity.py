# sends Infinity and NaN where there should be lengths
# expected: 0
# says: Expected|did not return|ended|raised|parameters|defines none
# with: answer, wire
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    say(
        b'{"id": %d, "status": "returned", "value": {"number": "inf"}, "products": [[[Infinity], [NaN]]]}'
        % reply_number()
    )
    os._exit(0)
