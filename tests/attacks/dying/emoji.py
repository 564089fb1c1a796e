# is long once its characters are written out for the wire
# expected: 0
# says: 300,000
# times: 20000
# 😀😀😀😀😀😀😀😀😀😀
