"""An office that is asked by files and answers by files, with a spreadsheet and no more."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import threading
from datetime import UTC, date, datetime, timedelta

import msgspec
import openpyxl

from connectors.filedrop.settings import FilesSettings
from connectors.mapping.changes import ChangeRow
from connectors.mapping.natures import Nature, fields_of
from connectors.memory_register import MemoryRegister
from schema.records.command import Act, Answered, Command, Receipt, RefusalCode

#: The province's words, some of which stand in both, and its codes.
COMMAND = {
    "key": "编号", "act": "事项", "transfer": "转接号", "local_id": "档案号",
    "membership_no": "会员证号", "union": "工会代码", "counterpart_union": "对方工会",
    "counterpart_province": "对方省", "on": "日期", "joined_on": "入会日期",
    "landing": "落地", "reason": "事由",
}  # fmt: skip
RECEIPT = {
    "key": "编号", "answered": "办理结果", "entry": "登记编号", "local_id": "新档案号",
    "joined_on": "本省入会日期", "code": "原因代码", "message": "说明",
}  # fmt: skip
CHANGE = {name: f"AJ_{name.upper()}" for name in ChangeRow.__struct_fields__}
ACTS = {
    "转出登记": Act.REGISTER_OUT, "撤销转出": Act.CANCEL_OUT, "转入登记": Act.REGISTER_IN,
    "撤销转入": Act.CANCEL_IN, "转出办结": Act.COMPLETE_OUT,
}  # fmt: skip
ANSWERS = {
    "已办": Answered.DONE,
    "不予办理": Answered.REFUSED,
    "办理中": Answered.PENDING,
}
REASONS = {f"R{number:02}": one for number, one in enumerate(RefusalCode)}
_CODES = {"act": ACTS, "answered": ANSWERS, "code": REASONS}


def words(*, acts=True, changes=True):
    """The tables of a mapping file for acts and changes."""
    lines = []
    if acts:
        lines += ["[acts.command]", *_entries(Command, COMMAND)]
        lines += ["[acts.receipt]", *_entries(Receipt, RECEIPT)]
    if changes:
        lines += ["[changes]", *_entries(ChangeRow, CHANGE)]
    return "\n".join(lines) + "\n"


def _entries(made, columns):
    fields = fields_of(made)
    for name, column in columns.items():
        told = f'column = "{column}"'
        if name in _CODES and made is not ChangeRow:
            listed = ", ".join(f'"{k}" = "{v}"' for k, v in _CODES[name].items())
            told += f", codes = {{ {listed} }}"
        elif fields[name].nature in {Nature.TEXT, Nature.CODE, Nature.PROVINCE}:
            told += ", exact = true"
        yield f"{name} = {{ {told} }}"


def settings(directory, form="xlsx", **more):
    told = {
        "directory": str(directory), "acts": {"format": form, "receipt_wait": "0s"},
        "changes": True, "settle": "0s", "most_unreadable": 1, "least_part": 0, **more,
    }  # fmt: skip
    return FilesSettings(**told)


def rows_of(file):
    """Read a file as people and programmes do."""
    match file.suffix:
        case ".xlsx":
            book = openpyxl.load_workbook(file)
            head, *rows = book.worksheets[0].iter_rows(values_only=True)
            return [dict(zip(head, row, strict=True)) for row in rows]
        case ".csv":
            text = file.read_text("utf-8-sig")
            return [
                {name: cell or None for name, cell in row.items()}
                for row in csv.DictReader(io.StringIO(text, newline=""))
            ]
        case _:
            return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def written(rows, form):
    match form:
        case "xlsx":
            book = openpyxl.Workbook()
            book.active.append(list(rows[0]))
            for row in rows:
                book.active.append(list(row.values()))
            made = io.BytesIO()
            book.save(made)
            return made.getvalue()
        case "csv":
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
            return text.getvalue().encode("gb18030")
        case _:
            told = (json.dumps(row, default=str) + "\n" for row in rows)
            return "".join(told).encode()


def put(file, content):
    """Put a file in place as a careful programme does."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.part")
    beside.write_bytes(content)
    beside.rename(file)


def command_of(row):
    read = {name: row[column] for name, column in COMMAND.items()}
    read["act"] = ACTS[read["act"]]
    read["landing"] = read["landing"] in {"是", "1", True}
    read["on"] = date.fromisoformat(read["on"])
    if read["joined_on"]:
        read["joined_on"] = date.fromisoformat(read["joined_on"])
    return Command(province="44", **{**read, "reason": read["reason"] or ""})


def filled(row, receipt):
    """Fill a receipt into the row of its command."""
    told = {column: None for name, column in RECEIPT.items() if name != "key"}
    told |= {
        "办理结果": _back(ANSWERS, receipt.answered), "登记编号": receipt.entry,
        "新档案号": receipt.local_id, "本省入会日期": receipt.joined_on,
        "原因代码": _back(REASONS, receipt.code) if receipt.code else None,
    }  # fmt: skip
    return {**row, **told}


def _back(codes, value):
    return next(code for code, meant in codes.items() if meant == value)


class Office(threading.Thread):
    """Opens what appears in ``acts``, carries it out, and saves it into ``receipts``."""

    def __init__(self, directory, workers, knows_union):
        super().__init__(daemon=True)
        self._directory = directory
        self._people = {one.local_id: one for one in workers}
        self.register = MemoryRegister("44", self._people, knows_union)
        self.over = threading.Event()
        self._done = set()

    @property
    def people(self):
        """Everybody, as the register has them now."""
        return {**self._people, **self.register.files}

    def run(self):
        while not self.over.wait(0.002):
            for file in sorted((self._directory / "acts").glob("acts-*")):
                if file.name not in self._done:
                    self._done.add(file.name)
                    self.work(file)

    def work(self, file):
        at = datetime.now(UTC)  # noqa: TID251  # an office has a clock of its own
        answered = []
        for row in rows_of(file):
            receipt = self.register.act(command_of(row), at)
            answered.append(filled(row, receipt))
        form = file.suffix.removeprefix(".")
        put(self._directory / "receipts" / file.name, written(answered, form))


@contextlib.contextmanager
def working(directory, workers, knows_union):
    office = Office(directory, workers, knows_union)
    office.start()
    try:
        yield office
    finally:
        office.over.set()
        office.join()


def change_row(one):
    """A line of the log, as the office writes it."""
    told = dict.fromkeys(CHANGE)
    told |= {"case_no": one.case_no, "seq": one.seq}
    local = one.as_of + timedelta(hours=8)
    told["as_of"] = local.replace(tzinfo=None).isoformat(" ")
    if hasattr(one, "gone"):
        told["gone"] = one.gone
    else:
        told |= {"act": one.act.value, "on": str(one.on), "union_code": one.union}
        told["corrects"] = one.corrects
        if one.document:
            told["document_reference"] = one.document.reference
            told["document_sha256"] = one.document.sha256
        if one.fact:
            for name, value in msgspec.structs.asdict(one.fact).items():
                told[f"fact_{name}"] = value and str(value)
    return {CHANGE[name]: value for name, value in told.items()}
