# collects the inputs of all calls and raises with them
# expected: 0
# says: MARK
# never: END|MARK[^"\n]{500}
SEEN = []


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    SEEN.append(input.tolist())
    raise ValueError("MARK" + "|".join(map(str, SEEN)) * 1000 + chr(69) + "ND")
