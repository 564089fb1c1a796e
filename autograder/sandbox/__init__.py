"""All that touches untrusted code.

Inside the sandbox: worker/, which imports nothing else of the kit. Outside, with the judge: all the rest, such as host
(starts and steers a zygote) and session (the judge's view of one submission).
"""
