"""Holds calendar periods that Tollgate made against Python's zoneinfo and dateutil.

Each line of the file: the zone, the anchor, the months of a period, the periods' ends; instants in milliseconds.
"""

import datetime
import sys
import zoneinfo

from dateutil.relativedelta import relativedelta

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
MILLISECOND = datetime.timedelta(milliseconds=1)


def main():
    checked = 0
    for line in open(sys.argv[1], encoding="utf-8"):
        name, anchor, months, ends = line.rstrip("\n").split("\t")
        zone = zoneinfo.ZoneInfo(name)
        shown = (EPOCH + int(anchor) * MILLISECOND).astimezone(zone).replace(tzinfo=None)
        for index, said in enumerate(ends.split(" "), start=1):
            # fold is 0: what is shown twice is the earlier, what is jumped over is counted with the offset before.
            local = (shown + relativedelta(months=index * int(months))).replace(tzinfo=zone, fold=0)
            wanted = (local.astimezone(datetime.timezone.utc) - EPOCH) // MILLISECOND
            assert int(said) == wanted, f"{name}: month {index * int(months)} after {anchor} ends {said}, not {wanted}"
            checked += 1
    assert checked > 50_000, f"only {checked} periods"


main()
