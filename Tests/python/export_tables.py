"""Reads one export as CSV and as JSON lines with Python's own readers: both must say the same, cell by cell.

A text that a spreadsheet would take for a formula has an apostrophe in front in CSV, and so has one that begins with one.
"""

import csv
import decimal
import json
import sys

DANGEROUS = tuple("=+-@\t\r\n'")
table, lines = sys.argv[1:3]
raw = open(table, "rb").read()
with open(table, encoding="utf-8", newline="") as file:
    rows = list(csv.reader(file, strict=True))
objects = [json.loads(line) for line in open(lines, encoding="utf-8", newline="\n") if line]
header, rows = rows[0], rows[1:]
assert raw.endswith(b"\r\n"), "a record ends with CRLF"
assert len(rows) == len(objects), f"{len(rows)} records, {len(objects)} objects"
texts = 0
for row, said in zip(rows, objects):
    assert list(said) == header, f"{list(said)} is not {header}"
    assert len(row) == len(header)
    for name, cell in zip(header, row):
        value = said[name]
        if value is None:
            assert cell == "", f"{name}: nothing is {cell!r}"
        elif isinstance(value, int):
            assert cell == str(value), f"{name}: {cell!r} is not {value}"
        elif f"{name}_minor" in said:
            # An amount: a number in CSV too, so no apostrophe, with as many digits as minor units say.
            assert cell == value, f"{name}: {cell!r} is not {value!r}"
            digits = -decimal.Decimal(value).as_tuple().exponent
            assert int(decimal.Decimal(value).scaleb(digits)) == said[f"{name}_minor"], f"{name}: {value}"
        else:
            texts += 1
            assert not cell.startswith(DANGEROUS[:-1]), f"{name}: {cell!r} is a formula to a spreadsheet"
            plain = cell[1:] if cell.startswith("'") else cell
            assert plain == value, f"{name}: {plain!r} is not {value!r}"
            assert cell.startswith("'") == value.startswith(DANGEROUS), f"{name}: {cell!r}"
print(f"{len(rows)} records, {texts} texts")
