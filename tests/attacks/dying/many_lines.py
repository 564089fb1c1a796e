# has tens of thousands of lines that only IPython could read
# expected: 0
# says: SyntaxError|defines none
# times: 60000
!ls
