"""The other systems that run the kit, by the names that commands use."""

from enum import StrEnum


class Format(StrEnum):
    """A system whose result file the kit writes."""

    GRADESCOPE = "gradescope"
    GITHUB = "github"
    CLASSROOM50 = "classroom50"
    PRAIRIELEARN = "prairielearn"


class Place(StrEnum):
    """A system that takes a package."""

    GRADESCOPE = "gradescope"
    GITHUB = "github"
    PRAIRIELEARN = "prairielearn"
