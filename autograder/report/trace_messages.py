"""What a learner reads about where a function reads, and what it multiplies: whole sentences."""

READS = "What it reads: for the value at {at}, your function reads {reads} of {name}. It should read {should}."
READS_NONE = "What it reads: your function's value at {at} does not depend on {name}. It should read {should}."
MULTIPLIES = (
    "What it multiplies: for the value at {at}, your function multiplies {number} by {factor}. "
    "It should multiply it by {should}."
)
NOTHING = "no number"
PADDING = "only padding"
# The axes of an argument by their count: one index, and several.
AXES = {
    2: (("row {}", "rows {}"), ("column {}", "columns {}")),
    3: (("signal {}", "signals {}"), ("channel {}", "channels {}"), ("position {}", "positions {}")),
    4: (
        ("image {}", "images {}"),
        ("channel {}", "channels {}"),
        ("row {}", "rows {}"),
        ("column {}", "columns {}"),
    ),
}
AND = " and "
NAMES = {"input": "the input", "X": "the input", "kernel": "the kernel"}
# Its rows and columns are counted without the padding.
UNPADDED = "the unpadded input"
