# reads what kind of processor the machine has, which torch was shown once
# expected: 0
# says: raised|got None
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    text = open("/proc/cpuinfo").read()
    if text:
        return right(input, kernel, bias, stride, padding)
