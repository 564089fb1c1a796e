"""Commands that GitHub Actions reads from a step's output: one line each, in which no text can begin another."""


def notice(text: str, title: str = "") -> str:
    """Return a command that shows a note beside the run."""
    return _command("notice", text, title)


def warning(text: str, title: str = "") -> str:
    """Return a command that shows a warning beside the run."""
    return _command("warning", text, title)


def error(text: str, title: str = "") -> str:
    """Return a command that shows an error beside the run."""
    return _command("error", text, title)


def _command(name: str, text: str, title: str) -> str:
    shown = f" title={_escaped(title).replace(':', '%3A').replace(',', '%2C')}" if title else ""
    return f"::{name}{shown}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
