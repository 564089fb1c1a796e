# raises with a text in the markup of the terminal library
# expected: 0
# says: raised
# never: \x1b|\u202e|\u2066|\x9b|\u200b|\\u001b
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    raise ValueError("[bold green]passed[/] [link=http://x]x[/link]")
