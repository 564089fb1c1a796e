"""What a learner reads about a wrong answer: whole sentences with named placeholders."""

EXPECTED_TENSOR = "Expected a torch.Tensor with shape {shape}, got {what}."
RETURNED_NOTHING = "Expected a torch.Tensor with shape {shape}, got None. Is the return statement missing?"
RETURNED_NUMPY = (
    "Expected a torch.Tensor with shape {shape}, got {what}. Compute with torch, or turn the result into a tensor "
    "with torch.from_numpy."
)
EXPECTED_WHOLE_NUMBER = "Expected the whole number {expected} (an int), got {what}."
RETURNED_NO_NUMBER = "Expected the whole number {expected} (an int), got None. Is the return statement missing?"
EXPECTED_TRUTH = "Expected {expected} (a bool), got {what}."
RETURNED_NO_TRUTH = "Expected {expected} (a bool), got None. Is the return statement missing?"
EXPECTED_PARTS = "Expected a tuple of {count} tensors, ({names}), got {what}."
IN_PART = "In {name}: {message}"
WRONG_SHAPE = "Expected the shape {expected}, got {got}."
WRONG_DTYPE = "Expected a tensor of {expected}, got {got}. A tensor of whole numbers cannot hold fractions."
HAS_GRADIENT = (
    "Expected a plain tensor, got one that requires grad. Compute with the arguments themselves, or detach the result."
)
NOT_FINITE = "Expected {expected:g} at {position}, got {got}: the result holds NaN or infinity."
WRONG_VALUE = "Expected {expected:g} at {position}, got {got:g}; {wrong} of {total} values differ."
NOT_ZERO = "Expected exactly 0 at {position}, where the kernel does not lie, got {got:g}."
WRONG_PRODUCT = "Times a flattened image, the matrix should give {expected:g} for output {position}, but gives {got:g}."
NOT_ADJOINT = (
    "Expected sum(x * result) to equal sum(conv(x) * input) for every image x, "
    "but for one it is {got:g} instead of {expected:g}."
)
NO_PRODUCT = (
    "Expected one matrix product of torch, the region matrix {regions} times the kernel column {column}, "
    "but the call made none."
)
OTHER_PRODUCT = (
    "Expected one matrix product, the region matrix {regions} times the kernel column {column}, "
    "but the call multiplied {shapes}."
)
MANY_PRODUCTS = (
    "Your function made {count} matrix products: {listed}. "
    "One was expected, the region matrix {regions} times the kernel column {column}."
)
NO_BATCHED_PRODUCT = (
    "Expected one matrix product of torch for the whole batch, the kernels {kernels} times the columns {columns}, "
    "but the call made none."
)
OTHER_BATCHED_PRODUCT = (
    "Expected one matrix product for the whole batch, the kernels {kernels} times the columns {columns}, "
    "but the call multiplied {shapes}."
)
MANY_BATCHED_PRODUCTS = (
    "Your function made {count} matrix products: {listed}. "
    "One was expected for the whole batch, the kernels {kernels} times the columns {columns}."
)
PRODUCT, PRODUCT_REPEATED, MORE_PRODUCTS = "{shapes}", "{shapes} ({count} times)", "others"
OTHER_OPERANDS = (
    "The call made one matrix product of the right shapes, but it did not multiply the regions of the input by the "
    "kernel: the matrices hold other numbers. The result should come from that product."
)
OTHER_TRANSFORMS = (
    "The call made transforms, but not of the input and the kernel, or the result does not come out of one of them. "
    "Transform both, multiply the transforms, and transform the product back."
)
NO_TRANSFORMS = (
    "Expected transforms by torch.fft, at least one there and one back, but the number of them in the call is {count}."
)
CHANGED_ARGUMENT = "The argument {name} was changed by the call. Work on a copy, so that the caller keeps the original."
EXPECTED_ERROR = "Expected {expected} to be raised, but the call returned {what}."
WRONG_ERROR = "Expected {expected} to be raised, but {message}"
WRONG_ERROR_BRIEF = "Expected {expected} to be raised, got {type}."
WRONG_ERROR_BRIEFEST = "Expected {expected} to be raised, got another exception."
