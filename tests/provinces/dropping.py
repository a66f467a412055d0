"""An office that delivers batches of files into a drop folder."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta

import msgspec
import openpyxl

FIRST = datetime(2026, 10, 1, tzinfo=UTC)


def day(number):
    return FIRST + timedelta(days=number)


def as_csv(rows, encoding="utf-8", head=None):
    text = io.StringIO()
    writer = csv.DictWriter(text, head or list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_json_lines(rows):
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def as_workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def manifest(as_of, files, rows):
    """The manifest of files, whose rows were counted by whoever made them."""
    parts = [
        {"name": name, "rows": rows[name], "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
    ]
    return json.dumps({"as_of": as_of.isoformat(), "files": parts}).encode()


def deliver(directory, batch, as_of, files, rows):
    """Put a batch into the folder, the manifest last."""
    folder = directory / "in" / batch
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "manifest.json").write_bytes(manifest(as_of, files, rows))
    return folder
