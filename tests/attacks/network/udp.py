# sends a datagram
# expected: 0
# says: not permitted
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import socket

    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))
