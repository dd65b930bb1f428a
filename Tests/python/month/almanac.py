"""Python's own calendar, against which Tollgate's months are held."""

import calendar
import datetime

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
DAY = 86_400_000
HOUR = 3_600_000


def moment(milliseconds, zone):
    return (EPOCH + datetime.timedelta(milliseconds=milliseconds)).astimezone(zone)


def instant(local):
    return (local.astimezone(datetime.timezone.utc) - EPOCH) // datetime.timedelta(milliseconds=1)


def months_after(milliseconds, months, zone):
    """The same time of day, so many months later, on the last day of a month that is too short."""
    local = moment(milliseconds, zone)
    count = local.year * 12 + local.month - 1 + months
    year, month = count // 12, count % 12 + 1
    day = min(local.day, calendar.monthrange(year, month)[1])
    return instant(local.replace(year=year, month=month, day=day))


def next_31_january(milliseconds, zone):
    """The first midnight after now at which a 31 January begins."""
    today = moment(milliseconds, zone)
    begin = datetime.datetime(today.year, 1, 31, tzinfo=zone)
    return instant(begin if begin > today else begin.replace(year=today.year + 1))


def rfc3339(milliseconds):
    return (EPOCH + datetime.timedelta(milliseconds=milliseconds)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def milliseconds(text):
    """Of an ISO time with milliseconds and a Z."""
    return instant(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")))
