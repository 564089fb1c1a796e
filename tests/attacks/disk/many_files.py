# fills the disk with many files
# expected: 0
# says: raised|ended|wrote|stopped
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    for number in range(1_000_000):
        with open(f"{number}", "wb") as file:
            file.write(bytes(1 << 20))
