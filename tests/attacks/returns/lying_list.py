# returns a list that lies about its length
# expected: 0
# says: Expected|raised|stopped
# with: answer
class Liar(list):
    def __len__(self):
        return 2

    def __iter__(self):
        while True:
            yield self


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    return Liar([1] * 10)
