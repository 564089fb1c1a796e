# writes outside its folder
# expected: 0
# says: nowhere
# with: answer
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    for place in ("/etc/cron.d/x", "/root/x", "/var/tmp/x", "/home/x", "/dev/shm/x", "../x", "/usr/lib/x"):
        try:
            open(place, "w").write("x")
        except OSError:
            continue
        return right(input, kernel, bias, stride, padding)
    raise PermissionError("nowhere")
