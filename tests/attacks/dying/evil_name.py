# raises an exception whose class has no name
# expected: 0
# says: ended|raised
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    class Meta(type):
        @property
        def __name__(cls):
            raise SystemExit

    class Evil(Exception, metaclass=Meta):
        pass

    raise Evil
