# takes shared memory
# expected: 0
# says: raised
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    from multiprocessing import shared_memory

    shared_memory.SharedMemory(create=True, size=1 << 20)
