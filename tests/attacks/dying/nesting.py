# is nested so deeply that a parser may give up
# expected: 0
# says: stopped with|defines none
x = 1
