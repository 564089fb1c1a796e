# has tens of thousands of lines that only IPython could read
# expected: 0
# says: SyntaxError|defines none|more than 50,000 lines
# times: 60000
!ls
