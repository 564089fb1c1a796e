# leaves folders that even their owner may not open
# expected: 0
# says: raised|Expected
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import os

    for number in range(20):
        os.mkdir(f"{number}")
        open(f"{number}/file", "w").close()
        os.mkdir(f"{number}/closed", 0)
    return input
