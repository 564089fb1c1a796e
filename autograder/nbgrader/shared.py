"""Share a course with a group: members may change and remove what another member writes.

nbgrader's setting CourseDirectory.groupshared turns this on, and its converters set permissions accordingly. This
module does the same for the files of the kit. The folder decides which group its files belong to (chmod g+ws, chgrp).
"""

import os
import stat
from pathlib import Path

from autograder import key
from autograder.course import Course
from autograder.nbgrader.config import nbgrader_config
from autograder.nbgrader.failures import GRADEBOOK

GROUP = stat.S_IRGRP | stat.S_IWGRP | stat.S_IXGRP
# Files that are created with permissions of their own, and the permissions that a group needs.
GROUP_MODES = {GRADEBOOK: stat.S_IRGRP | stat.S_IWGRP, key.FILE: stat.S_IRGRP}


def is_shared(course: Course) -> bool:
    """Return whether nbgrader's setting says so. Raises Problem."""
    config = nbgrader_config(course.root)
    return bool("CourseDirectory" in config and config.CourseDirectory.get("groupshared", False))


def begin(course: Course) -> bool:
    """Let the group write all files that this process makes, if the course is shared. Return whether it is."""
    shared = is_shared(course)
    if shared:
        os.umask(os.umask(0) & ~GROUP)
        share_own_files(course)
    return shared


def share_own_files(course: Course) -> None:
    """Give the group access to this user's files that were created for this user alone."""
    for name, mode in GROUP_MODES.items():
        path = course.root / name
        try:
            status = path.lstat()
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid() and status.st_mode & mode != mode:
            path.chmod(stat.S_IMODE(status.st_mode) | mode)


def obstacle(root: Path) -> str:
    """Return why a folder cannot be shared with its group; empty if it can."""
    mode = root.stat().st_mode
    return "" if mode & (GROUP | stat.S_ISGID) == GROUP | stat.S_ISGID else "its group cannot write in its folder"
