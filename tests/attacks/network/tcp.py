# connects to a server
# expected: 0
# says: not permitted
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import socket

    socket.create_connection(("1.1.1.1", 80), 1)
