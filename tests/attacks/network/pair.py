# makes a pair of sockets
# expected: 0
# says: not permitted
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import socket

    socket.socketpair()
