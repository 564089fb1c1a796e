"""Everything that touches untrusted code.

Inside the sandbox: worker/, which imports nothing else of the kit. Outside, with the judge: the rest, such as host
(starts a zygote and gets workers) and session (the judge's view of one submission).
"""
