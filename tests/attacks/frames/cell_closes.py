# closes its socket in a cell and does not end
# expected: 0
# says: closed the connection to the grader and was left out
# with: wire
import time

os.close(SOCKET)
while True:
    time.sleep(1)
