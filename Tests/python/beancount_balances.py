"""Loads a journal with beancount itself, and prints what each account holds: account, currency, amount."""

import collections
import sys

from beancount import loader
from beancount.core import data

entries, errors, _ = loader.load_file(sys.argv[1])
for error in errors:
    print(error.source.get("lineno"), error.message, file=sys.stderr)
if errors:
    raise SystemExit(1)
held = collections.defaultdict(int)
for entry in entries:
    if isinstance(entry, data.Transaction):
        for posting in entry.postings:
            held[posting.account, posting.units.currency] += posting.units.number
for (account, currency), amount in sorted(held.items()):
    print(f"{account}\t{currency}\t{amount:f}")
checked = sum(isinstance(entry, data.Balance) for entry in entries)
transactions = sum(isinstance(entry, data.Transaction) for entry in entries)
print(f"{transactions} transactions, {checked} balances checked, no error", file=sys.stderr)
