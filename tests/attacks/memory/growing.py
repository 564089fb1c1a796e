# grows without end
# expected: 0
# says: MemoryError|raised|ended|stopped
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    kept = []
    while True:
        kept.append(bytearray(1 << 24))
