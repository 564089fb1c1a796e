"""What a learner reads when a check fails, besides the suites' titles: whole sentences, named placeholders."""

from collections.abc import Sequence

MISSING = "Expected a function named {name}; the notebook defines none."
MISSING_NEAR = "Expected a function named {name}; the notebook defines {nearest} instead. Rename it."
MISSING_IN_FILE = "Expected a function named {name}; the file defines none."
MISSING_NEAR_IN_FILE = "Expected a function named {name}; the file defines {nearest} instead. Rename it."
MISSING_CELL = "Expected a function named {name}; {where} stopped with {error}"
MISSING_LEFT_OUT = "Expected a function named {name}; {where}, where it is defined, was stopped and left out."
MISSING_FORBIDDEN = (
    "Expected a function named {name}; {where} calls {operation} where it should be defined. "
    "This step forbids {rule}: write it by hand."
)
MISMATCH = "Expected {name}{expected}, but your function has the parameters {signature}."
MISMATCH_BRIEF = "Expected {name}{expected}, but your function has other parameters."
NOT_IMPLEMENTED = "{name} is not implemented yet: it raises NotImplementedError."
RAISED = "{name} raised {type}: {message}"
RAISED_AT = "{name} raised {type}: {message} ({where}: {line})"
RAISED_SILENTLY = "{name} raised {type}"
RAISED_SILENTLY_AT = "{name} raised {type} ({where}: {line})"
ERROR = "{type}: {message}"
NOT_RUN = (
    "{message}. {missing} is defined in one of the course's own cells, and these are not run when your function is "
    "graded. A function is called with its arguments only."
)
NOT_IMPORTED = "{message}. The import of {missing} had failed ({where}: {why})."
RAISED_BRIEF = "{name} raised {type}."
RAISED_BRIEFEST = "{name} raised an exception."
FORBIDDEN_BRIEF = "{name} calls what this step forbids: {rule}. Write it by hand."
FORBIDDEN = "{name} calls {operation} ({where}: {line}). This step forbids {rule}: write it by hand."
FORBIDDEN_BENEATH = (
    "{name} was stopped: a library function was called by a way that goes past torch's own operations. "
    "This step forbids {rule}: write it by hand."
)
RULES = {
    "convolution": ("library convolution (plain or transposed)",),
    "convolution_1d": ("1-D library convolution (plain or transposed)",),
    "unfold": ("F.unfold", "F.fold"),
    "pooling": ("library pooling",),
    "grid_sample": ("F.grid_sample",),
    "autograd": ("automatic gradients (autograd, backward, torch.func)",),
}
TOO_LONG = "{name} was stopped after {seconds:g} seconds of computing. Is there a loop that never ends?"
TOO_LONG_WAITING = (
    "{name} was stopped after waiting for {seconds:g} seconds. Functions here must not sleep or wait for anything."
)
TOO_LONG_IN_ALL = "The submission used up its {seconds:g} seconds; this check was not run any further."
TOO_MUCH_OUTPUT = (
    "{name} printed more than {limit} bytes and was stopped. Remove the print, or end the loop that it stands in."
)
TOO_MUCH_WRITTEN = "{name} wrote more than {limit} bytes into files and was stopped."
TOO_MUCH_RETURNED = "The submission returned more than {limit} bytes in all; it was not asked any further."
DIED = "{name} ended the Python process ({how}) instead of returning."
DIED_TOO_OFTEN = "The submission ended its process or was stopped too often ({times}); it was not started again."
GARBLED = "{name} did not return: what came back was not an answer."

CELL_RAISED = "{where} raised {error}"
CELL_NOT_RUN = (
    "{where} stopped at {missing}, which one of the course's own cells defines; these are not run in grading."
)
CELL_IMPORT = "{where} raised {error} What does not use this import was still graded."
CELL_TOO_LONG = "{where} was stopped after {seconds:g} seconds and left out."
CELL_DIED = "{where} ended the Python process ({how}) and was left out."
CELL_FORBIDDEN_BENEATH = (
    "{where} was stopped: a library function was called by a way that goes past torch's own operations. "
    "This step forbids {rule}. It was left out."
)
CELL_TOO_MUCH_OUTPUT = "{where} printed more than {limit} bytes and was stopped there."
CELL_TOO_MUCH_WRITTEN = "{where} wrote more than {limit} bytes into files and was left out."
OTHER_CELLS = "{told} The other cells were still graded."
FILE_STOPPED = "{told} The rest of the file was not run."
FILE_UNREAD = "{told} None of the file was run."

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
WRONG_SCALAR = "Expected {expected:g}, got {got:g}."
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
HELPED = (
    "Your {helper} is wrong, so this was tried once more with the course's own {helper} in its place. "
    "That is right: it has all its points."
)
NOT_HELPED = "{message} (Your {helper} is wrong too, so this was tried with the course's own {helper} in its place.)"
SKIPPED = "Not tried: it builds on “{title}”, which did not pass."
GRADER_ERROR = (
    "The grader itself had a problem with this check, so it has no verdict. "
    "This is not your fault; your instructor sees it too."
)

LOST = "Nothing is known of this submission: {why}. It needs a person to look at it."
LOST_SLOW = "the process that graded it got no further for {seconds:g} seconds and was ended"
LOST_LARGE = "the process that graded it took more than {mb} MB of memory and was ended"
LOST_DIED = "the process that graded it died twice"
LOST_FAILED = "the process that graded it ran into an error of its own ({type})"
UNWRITTEN = "What came of this submission could not be written down ({type}). It needs a person to look at it."

NOT_ISOLATED = (
    "Graded without a sandbox (--unsafe-no-sandbox): the submission ran with all rights of whoever graded it, "
    "and could have changed anything, this report included."
)
FLAGGED = "For the instructor: {told}; read it before you trust the points."
FLAGGED_STARTS, FLAGGED_ENDS = FLAGGED.split("{told}")
MAX_NOTES = 30
MORE_NOTES = "More notes of this kind: {count}."

SMALLEST = "The smallest call that goes wrong:"
ONE_CALL = "A call that goes wrong:"
NO_GPU = 'There is no GPU where this is graded. Leave out .cuda() and device="cuda".'
SIZE_WITHOUT_PADDING = (
    "Without its padding, this call would have an output of size {plain}; with it, the size is {expected}. "
    "Does your function count the padding in?"
)
HINT = "Hint: {hint}"
RULE = "A rule that it breaks: {law}"
FIRST_AT = "The first difference is at {at}."
LOOKS_AT_WEIGHT = "The weights of this output should be the kernel on {where}, and 0 elsewhere."
LOOKS_AT_KERNEL = "As the kernel slides, this number of it meets {where}."
LOOKS_AT_OUTPUTS = "This number of the input has a part in {where}."
NOT_LOOKED_AT = "No output looks at this number of the input."
LOOKS_AT_ALL = "This bias is added to all outputs of its channel, in every image."
LOOKS_BETWEEN = "This output reads at places within {where}, numbers between the pixels included."
LOOKS_OUTSIDE = "This output reads outside the image only, where all is 0."
LOOKS_AT_COLUMN = "This column should hold {where}."
POSITION = "signal {}, channel {}, position {}"
IN_COLUMN = "image {}, row {}, column {}"
ROW_COLUMN = "row {}, column {}"
OUTPUT_INPUT = "output ({}, {}), input ({}, {})"
KERNEL_CHANNEL = "kernel {}, channel {}, row {}, column {}"
BIAS_NUMBER = "bias {}"
IMAGE_CHANNEL = "image {}, channel {}, row {}, column {}"
LOOKS_AT = "This output looks at {where}."
LOOKS_AT_ROW = "This row of the matrix is the kernel on {where}."
PLACE = "{rows} and {columns} of the input"
PLACE_PADDED = "{rows} and {columns} of the padded input"
PLACE_OUTPUT = "{rows} and {columns} of the output"
ON_LINE = "{columns} of the input"
ON_LINE_PADDED = "{columns} of the padded input"
POSITION_, POSITIONS = "position {}", "positions {}"
ROW, ROWS, COLUMN, COLUMNS = "row {}", "rows {}", "column {}", "columns {}"
NO_NUMBERS = "no numbers: {shape}"
EXPECTED, GOT, DIFFERS = "expected", "got", "* differs"

INPUT_OF_SIZE = "input {} × {}"
PADDED = ", padded"
PART = "{}, a part"
READ = "read in {}"
TURNED = "{}, turned by 180°"
MODE = "mode {}"
LARGEST = "the largest number of the window"
MEAN = "the mean of the window"
KEY_WINDOW = "Thick frame: the output, and the window that it looks at."
KEY_WINDOWS = {
    "gradient": "Thick frame: the number of the gradient, and what it is made of.",
    "bent": "Rings and dots: where the output reads. Thick frame: the output, and the pixels around these places.",
}
KEY_WINDOWS |= {"spread": KEY_WINDOWS["gradient"], "bias": KEY_WINDOWS["gradient"]}
KEY_OUTSIDE = "Hatched: outside the image."
KEY_PADDING = "Hatched: padding."
KEY_WRONG = "Black corner: a wrong value."
ALT_CALL = "Picture of the call that goes wrong: {sizes}."
ALT_PLACES = "The output reads at the places (row, column) {places}."
ALT_VALUES = "Expected {expected}, got {got}."

LAW_LINEAR = (
    "Your function is not linear: twice the {name} should give twice the result. "
    "At {at} your function gives {got}, but {other} when the {name} is doubled."
)
LAW_SHIFT = (
    "Moving the input should move the output: without the input's first {what}, your function says {should} "
    "at {there}; so the output at {at} should be {should} too, but it is {got}."
)
LAW_SLIDE = (
    "An output should depend on its own window alone: given only {where}, your function says {should}; "
    "so the output at {at} should be {should} too, but it is {got}."
)
LAW_BATCH = (
    "The images of a batch should not mix: given image {image} alone, your function says {should}; "
    "so the output at {at} should be {should} too, but it is {got}."
)
LAW_CHANNELS = (
    "Pooling should not mix the channels: given channel {channel} alone, your function says {should}; "
    "so the output at {at} should be {should} too, but it is {got}."
)
LAW_GROUPS = (
    "Groups should be convolutions side by side: given group {group} of {groups} alone, your function says {should}; "
    "so the output at {at} should be {should} too, but it is {got}."
)
LAW_DENSE = (
    "With a 1×1 kernel, each pixel should be a sum over its channels, channel times kernel: "
    "at {at} that is {should}, but your function says {got}."
)
LAW_ADJOINT = (
    "Transposed convolution should be the adjoint of convolution: for an x with the numbers 1, 2, 3, … "
    "sum(conv(x) * input) is {should}, so sum(x * result) should be that too, but it is {got}."
)
LAW_ROWS = (
    "From one row of the matrix to the next the kernel should move by one place: "
    "in column {column}, row {row} has {got} where row {before}, moved by one place, has {should}."
)
LAW_WHOLE = (
    "Each row of the matrix should hold the whole kernel, whose numbers add up to {should}; row {row} adds up to {got}."
)
LAW_LIFTED = (
    "Adding {by} to every input should add {by} to every output: "
    "at {at} your function gives {got}, but {other} when {by} is added to the input."
)


def shortened(notes: Sequence[str]) -> tuple[str, ...]:
    """The first notes, and how many more there were: a submission can give rise to thousands."""
    if len(notes) <= MAX_NOTES:
        return tuple(notes)
    return (*notes[:MAX_NOTES], MORE_NOTES.format(count=len(notes) - MAX_NOTES))
