"""Write numbers with their nouns."""


def counted(number: int, noun: str) -> str:
    """Return the number with its noun, which takes an s: "1 submission", "2 submissions"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
