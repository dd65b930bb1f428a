"""Backs up a Tollgate that sells, loses it, restores it three ways, and looks what is there: docs/backup.md.

    python Tests/python/drill --tollgate PROGRAM --catalogue fixtures/demo.yaml [--data FOLDER]

1. A base backup and the WAL that came after it, to the last acknowledged order.
2. The same, to a named moment between two orders.
3. A logical dump, into a cluster that knows nothing.

After each: `tollgate verify`, every acknowledged order is there once and answers its own Idempotency-Key, its credentials
open, and it sells on. Needs nothing but Python and PostgreSQL's programs; ends with 1 where anything differs.
"""

import argparse
import atexit
import sys
import tempfile
from pathlib import Path

from backups import BaseBackup, LogicalDump
from installation import Installation
from shop import Shop


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--tollgate", required=True)
    arguments.add_argument("--catalogue", required=True)
    arguments.add_argument("--data")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(given.data or folder)
        root.chmod(0o711)
        try:
            drill(given, root)
        finally:
            Installation.end_all()


def drill(given, root):
    live = Installation(given.tollgate, root / "live")
    live.up("--apply", given.catalogue)
    shop = Shop(live)
    shop.buy(20)
    base = BaseBackup(live, root / "backup")
    atexit.register(base.end)
    base.take(while_doing=lambda: shop.buy(20))
    say(f"base backup under sales: {base.megabytes():.0f} MB, verified by pg_verifybackup")
    shop.buy(15)
    moment = live.moment()
    known_at_moment = len(shop.orders)
    shop.buy(15)
    dump = LogicalDump(live, root / "dump")
    dump.take()
    dumped = len(shop.orders)
    say(f"logical dump: {dump.kilobytes():.0f} KB, of a moment with {dumped} orders")
    shop.buy(10)
    books = live.books()
    base.receive_up_to_now()
    live.kill()
    say(f"killed with {len(shop.orders)} orders answered; the machine is gone, the backups are left\n")

    restored = base.restore(given.tollgate, root / "latest")
    check(restored, shop, len(shop.orders), "base backup and WAL", books)
    restored.end()

    restored = base.restore(given.tollgate, root / "moment", until=moment)
    check(restored, shop, known_at_moment, f"to the moment {moment}")
    restored.end()

    restored = dump.restore(given.tollgate, root / "from-dump")
    check(restored, shop, dumped, "logical dump")
    restored.end()
    say("the drill is done: nothing that should be there was missing")


def check(restored, shop, expected, how, books=None):
    """What an operator looks at after a restore, before the doors are opened."""
    say(f"restored: {how}")
    say("  " + restored.run("verify").strip().splitlines()[-1])
    restored.up()
    if books:
        expect(restored.books() == books, f"the books differ: {restored.books()} and {books}")
        say("  the balance of every kind of account is what it was before the loss")
    there = shop.found_at(restored)
    expect(there == expected, f"{there} orders are there, {expected} were to be")
    again = shop.replayed_at(restored, expected)
    opened = shop.credentials_at(restored, expected)
    sold = shop.sold_on_at(restored)
    say(f"  {there} of {expected} orders, each answers its key as before ({again}), credentials open ({opened}), sells on ({sold})")
    say("  " + restored.run("verify").strip().splitlines()[-1] + "\n")


def expect(is_so, otherwise):
    if not is_so:
        sys.exit(f"restore drill: {otherwise}")


def say(text):
    print(text, flush=True)


main()
