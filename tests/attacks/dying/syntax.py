# cannot be parsed
# expected: 0
# says: SyntaxError
def broken(:
