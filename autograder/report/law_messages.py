"""What a learner reads about a law that a function breaks: whole sentences with named placeholders."""

LAW_LINEAR = (
    "Your function is not linear: twice the {name} should give twice the result. "
    "At {at} your function gives {got}, but {other} when the {name} is doubled."
)
LAW_SHIFT = (
    "Moving the input should move the output: without the input's first {what}, your function gives {should} "
    "at {there}; so the output at {at} should be {should} too, but it is {got}."
)
LAW_SLIDE = (
    "An output should depend on its own window alone: given only {where}, your function gives {should}; "
    "so the output at {at} should be {should} too, but it is {got}."
)
LAW_BATCH = (
    "The images of a batch should not mix: given image {image} alone, your function gives {should}; "
    "so the output at {at} should be {should} too, but it is {got}."
)
LAW_CHANNELS = (
    "Pooling should not mix the channels: given channel {channel} alone, your function gives {should}; "
    "so the output at {at} should be {should} too, but it is {got}."
)
LAW_GROUPS = (
    "Groups should be convolutions side by side: given group {group} of {groups} alone, your function gives {should}; "
    "so the output at {at} should be {should} too, but it is {got}."
)
LAW_DENSE = (
    "With a 1×1 kernel, each pixel should be a sum over its channels, channel times kernel: "
    "at {at} that is {should}, but your function gives {got}."
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
