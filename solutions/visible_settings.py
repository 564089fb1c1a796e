# What a lesson may set for its visible checks, what they note while they run, and the names that they set aside.
import builtins

forbids = ("convolution",)
families = {  # what a lesson may forbid: a pattern for PyTorch's operations, and the rule in words
    "convolution": ("conv(?!ert)|^_?i?stft", "library convolution (plain or transposed)"),
    "convolution_1d": ("conv(?!ert)|^_?i?stft", "1-D library convolution (plain or transposed)"),
    "unfold": ("im2col|col2im", "F.unfold", "F.fold"),
    "pooling": ("pool", "library pooling"),
    "grid_sample": ("grid_sampl|grid_generator|upsample_(bi|tri)(linear|cubic)", "F.grid_sample"),
    "autograd": ("^_make_dual", "automatic gradients (autograd, backward, torch.func)"),
}
matrix_products = ("mm", "bmm", "addmm", "mv", "dot", "baddbmm", "addmv", "addbmm", "vdot")
plain_tensors = True  # report a result that requires grad
failed_checks = []
not_judged = []  # of these: checks of how a result is computed, where the result itself is wrong
tried = {}  # the problem, or None, of each visible check that was tried, by title
pictured = []  # where the results differ that a picture was drawn of
raised = {}  # the first visible check in which an error was raised, and its message, by the error's type and line
traces = {}  # what the call of each failed visible check returned, in short, by title
mistakes = ""  # known mistakes in words, by their traces' digest; packed, so that nobody reads them here
hiding = {}  # the notebook's names that hide Python's own, such as a variable called sum


def set_aside():
    """Set aside the names that hide Python's own, which the course's code needs."""
    names = builtins.globals()
    for name in builtins.list(names):
        if name in builtins.__dict__ and name[0] != "_":
            hiding[name] = names.pop(name)


def put_back():
    """Put those names back, for the learner's code."""
    builtins.globals().update(hiding)
    hiding.clear()


set_aside()
