# fills memory to the last byte and then raises
# expected: 0
# says: raised|ended|stopped
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    kept = []
    while True:
        try:
            kept.append(bytearray(1 << 20))
        except MemoryError:
            break
    try:
        while True:
            kept.append([None] * 100)
    except MemoryError:
        raise ValueError("x" * 100)
