"""All that touches untrusted code.

Inside the sandbox: wire, values, drawing, lockdown, zygote, worker; they import nothing else of the kit.
Outside, with the judge: host (starts and steers a zygote) and learner (the judge's view of one submission).
"""
