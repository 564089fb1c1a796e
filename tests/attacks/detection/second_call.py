# behaves on the first call of each check and not after
# expected: at most 2
# with: answer
COUNT = []


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    COUNT.append(1)
    if len(COUNT) <= 3:
        return right(input, kernel, bias, stride, padding)
    return torch.zeros(1)
