# fills the disk with many files, each as large as one may be, before anybody looks
# expected: 0
# says: wrote more than|No space|ended the Python process|File too large
import os

number = 0
while True:
    number += 1
    with open(f"file-{number}", "wb") as file:
        file.write(bytes(3_000_000))
