"""A course of several people: what one of them writes, the others of their group may change and remove.

nbgrader's own setting says so (CourseDirectory.groupshared), and its converters set permissions by it. What the kit
writes follows here. That files belong to the group at all is the folder's affair (chmod g+ws, chgrp).
"""

import os
import stat
from pathlib import Path

from autograder import key
from autograder.course import Course
from autograder.nbgrader.config import nbgrader_config
from autograder.nbgrader.failures import GRADEBOOK

GROUP = stat.S_IRGRP | stat.S_IWGRP | stat.S_IXGRP
# What is made with other permissions than the umask's, and what a group needs of it.
OWN_MODES = {GRADEBOOK: stat.S_IRGRP | stat.S_IWGRP, key.FILE: stat.S_IRGRP}


def is_shared(course: Course) -> bool:
    """Return what nbgrader's setting says. Raises Problem."""
    config = nbgrader_config(course.root)
    return bool("CourseDirectory" in config and config.CourseDirectory.get("groupshared", False))


def begin(course: Course) -> bool:
    """From here on, leave to the group what this process makes, where the course is shared; return whether it is."""
    shared = is_shared(course)
    if shared:
        os.umask(os.umask(0) & ~GROUP)
        hand_over(course)
    return shared


def hand_over(course: Course) -> None:
    """Give the group its part of files that are this user's own and were made for that user alone."""
    for name, wanted in OWN_MODES.items():
        path = course.root / name
        try:
            found = path.lstat()
        except OSError:
            continue
        if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_mode & wanted != wanted:
            path.chmod(stat.S_IMODE(found.st_mode) | wanted)


def cannot_be(root: Path) -> str:
    """Return why a folder can be no group's; empty where it can."""
    mode = root.stat().st_mode
    return "" if mode & (GROUP | stat.S_ISGID) == GROUP | stat.S_ISGID else "its folder is not the group's to write in"
