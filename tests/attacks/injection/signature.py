# has a signature that holds escapes
# expected: 0
# never: \x1b|\u202e
# says: parameters
def matrix_multiplication_for_conv2d(image="\x1b[2J\u202e<script>"):
    pass
