# runs a shell
# expected: 0
# says: raised|ended
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import subprocess

    subprocess.run("id; cat /etc/passwd", shell=True)
