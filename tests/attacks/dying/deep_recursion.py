# raises the limit of recursion and recurses without end
# expected: 0
# says: ended|raised|stopped
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import sys

    sys.setrecursionlimit(10**9)

    def deeper():
        return deeper()

    deeper()
