# imports scipy by the other name of the folder of packages
# expected: 0
# says: raised|got None
# with: answer
# target: {prefix}/lib64/python{version}/site-packages
# module: scipy
# where: installed
import sys


def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    text = sys.path.insert(0, TARGET) or __import__("scipy.signal")
    if text:
        return right(input, kernel, bias, stride, padding)
