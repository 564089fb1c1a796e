"""When files were changed, as the entries of a zip have it."""

import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zipfile import ZipInfo
from zoneinfo import ZoneInfo

# The extra field in which programs of Unix put the time in UTC, and the flag that it is there.
EXTENDED, HAS_CHANGED = 0x5455, 1
# A zip cannot say anything earlier. It stands for "unknown".
EPOCH = datetime(1980, 1, 1)
# Campus systems that write an archive while it is downloaded give its entries the time of the download.
DOWNLOAD = timedelta(minutes=15)


def changed_at(info: ZipInfo, zone: str) -> datetime | None:
    """Return an entry's time in UTC, or None. A zip's own times have no zone: they are read in the course's."""
    if (seconds := _extended(info.extra)) is not None:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    try:
        local = datetime(*info.date_time)
        return None if local <= EPOCH else local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _extended(extra: bytes) -> int | None:
    """Return the seconds since 1970 in the extra field, if it has them."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == EXTENDED and size >= 5 and len(extra) >= 9 and extra[4] & HAS_CHANGED:
            return int(struct.unpack("<i", extra[5:9])[0])
        extra = extra[4 + size :]
    return None


def are_those_of_a_download(times: Iterable[datetime | None]) -> bool:
    """Return whether times lie so close together that the archive was written then, and nothing handed in."""
    known = [time for time in times if time]
    return bool(known) and max(known) - min(known) <= DOWNLOAD
