"""The key that decides every hidden case: a secret in a file beside course.yml, or a public seed."""

import hashlib
import hmac
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import Problem

FILE = "course.key"
VARIABLE = "AUTOGRADER_SEED"
SEED = "seed in course.yml"
KEY_BYTES = 16
# A thousand guesses take milliseconds. A secret that is shorter than this can be found by trying.
SHORTEST = 16
# Python cannot read a number of more than 4300 digits.
LONGEST = 1000
# Reports show a number below this as it is: it is too short to be a secret (see SHORTEST).
LARGEST_SHOWN = 1 << 32

MADE = (
    "made {path} (fingerprint {shown}): it decides the hidden checks. Keep it secret and out of git, and keep a copy: "
    "without it no report can be made again."
)
THERE = "the hidden checks are drawn from {key}; nothing was changed"
GRADED = "The next `autograder grade` grades everything again, with other hidden checks: scores may change."
PUBLIC = (
    "the hidden checks are drawn from the public seed in course.yml, which anybody can look up",
    "That is for trying out only: run `autograder key` before a class hands in.",
)
PUBLIC_AND_GRADED = (
    "this course was graded with the public seed in course.yml, which anybody can look up",
    "`autograder key` makes a secret one; the next `autograder grade` then grades everything again, "
    "and scores may change.",
)
SHORT = (
    "AUTOGRADER_SEED is so short that it can be found by trying",
    f"Set it to {SHORTEST} random characters or more, or unset it and run `autograder key`.",
)
OPEN = ("other users of this machine can read course.key", "Run `chmod 600 course.key`.")


@dataclass(frozen=True)
class Key:
    """A secret text and where it comes from. `str` returns only what may be shown, never the secret."""

    secret: str = field(repr=False)
    origin: str = SEED

    @property
    def shown(self) -> int | str:
        """Return what a report shows: a short number as it is, else the first eight hex digits of a digest."""
        if self.secret.isdecimal() and int(self.secret) < LARGEST_SHOWN:
            return int(self.secret)
        return hashlib.sha256(b"fingerprint\0" + self.secret.encode()).hexdigest()[:8]

    @property
    def weak(self) -> bool:
        """Return whether it is public, or short enough to be found by trying."""
        return self.origin == SEED or len(self.secret) < SHORTEST

    def __str__(self) -> str:
        return f"{self.origin} ({self.shown})"


def derived(key: Key | int, *parts: object) -> bytes:
    """Return 32 bytes that depend on the key and on these parts, in this order. They do not reveal the key."""
    secret = key.secret if isinstance(key, Key) else str(key)
    texts = [str(part).encode("utf-8", "surrogatepass") for part in parts]
    message = b"".join(len(text).to_bytes(8) + text for text in texts)
    return hmac.digest(secret.encode("utf-8", "surrogatepass"), message, "sha256")


def find(root: Path) -> Key | None:
    """Return the key in the environment, else the one in the course's folder, else None. Raises Problem."""
    variable = os.environ.get(VARIABLE)
    if variable is not None:
        secret = variable.strip()
        if (why := _wrong_with(secret)) is not None:
            raise Problem(VARIABLE, why, "Set it to a long random text or number, or unset it.")
        return Key(secret, VARIABLE)
    path = root / FILE
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise Problem(path, "is not a file", "Move it away; `autograder key` makes one.")
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(
            path, f"cannot be read ({_why(error)})", "Only its owner can read it: grade as that user."
        ) from error
    if not re.fullmatch(r"[0-9a-f]{32,}", text):
        raise Problem(path, "does not hold a key", "A key is 32 hex digits or more. Put it back from your backup.")
    return Key(text, FILE)


def _wrong_with(secret: str) -> str | None:
    """Return why a text cannot be a key; None where it can."""
    if not secret:
        return "is empty"
    if len(secret) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if secret.isdecimal() and not secret.isascii():
        return "has digits other than 0 to 9"
    try:
        secret.encode()
    except UnicodeEncodeError:
        return "is not UTF-8 text"
    return None


def make(root: Path) -> Key:
    """Write a new random key that only this user can read. Raises Problem where there is a key already."""
    path = root / FILE
    secret = secrets.token_hex(KEY_BYTES)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Problem(path, "is there already", "It is never replaced.") from error
    except OSError as error:
        raise Problem(path, f"cannot be written ({_why(error)})", "Check the folder's permissions.") from error
    with os.fdopen(file, "w", encoding="ascii") as out:
        out.write(secret + "\n")
    return Key(secret, FILE)


def weakness(key: Key, root: Path) -> tuple[str, str] | None:
    """Return why somebody may know the hidden checks, and the remedy; None where nobody can."""
    if key.origin == SEED:
        return PUBLIC_AND_GRADED if was_used(root) else PUBLIC
    if key.weak:
        return SHORT
    return OPEN if key.origin == FILE and _is_open(root / FILE) else None


def was_used(root: Path) -> bool:
    """Return whether submissions have been graded in this course's folder."""
    return any(path for name in ("results", "autograded") for path in (root / name).glob("*/*"))


def _is_open(path: Path) -> bool:
    """Return whether others than its owner can read it. A group that may write the whole course does not count."""
    try:
        shared = path.parent.stat().st_mode & 0o020
        return bool(path.stat().st_mode & (0o007 if shared else 0o077))
    except OSError:
        return False


def _why(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "not plain text"
