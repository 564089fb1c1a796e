"""Write numbers with their nouns."""


def counted(number: int, noun: str) -> str:
    """Return the number with its noun, which takes an s: "1 submission", "2 submissions"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def counted_points(number: float, noun: str = "point") -> str:
    """Return points with their noun: "1 point", "1.5 points"."""
    return f"{rounded(number)} {noun}" if number == 1 else f"{rounded(number)} {noun}s"


def points_of(score: float, most: float, noun: str = "point") -> str:
    """Return a score and the most that there is: "1.5 of 2 points", "0 of 1 point"."""
    return f"{rounded(score)} of {counted_points(most, noun)}"


def rounded(value: float) -> str:
    """Return a number with as many decimals as it needs, at most two."""
    return f"{round(float(value), 2):g}"
