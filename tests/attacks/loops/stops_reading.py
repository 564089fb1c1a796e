# blocks every signal that Python can block, then waits for one
# expected: 0
# says: stopped after|waiting
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    import signal

    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except OSError:
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass
