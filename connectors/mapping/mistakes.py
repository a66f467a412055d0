"""Value: what is wrong with a mapping file, and what is wrong with one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable


class Mistake(msgspec.Struct, frozen=True):
    """One thing that is wrong with a mapping file.

    Attributes:
        file: The name that the file was loaded under.
        line: Line in the file, from 1; 0 if it is about the file as a whole.
        place: Character in the line, from 1; 0 likewise.
        key: Dotted name of what is wrong, e.g. ``kinds.WORKER.fields.sex``.
        message: What is wrong.
        remedy: How to mend it; names the nearest known word if one is near.
    """

    file: str
    line: int
    place: int
    key: str
    message: Bilingual
    remedy: Bilingual

    def __str__(self) -> str:
        """Show it in one line, Chinese first."""
        said = f"{self.message.zh}{self.remedy.zh} / {self.message.en} {self.remedy.en}"
        return f"{self.file}:{self.line}:{self.place}: {self.key}: {said}"


class MappingMistakes(Exception):
    """The mapping file cannot be used.

    Attributes:
        mistakes: All that were found, in the order of the file.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(
            sorted(
                dict.fromkeys(mistakes), key=lambda one: (one.line, one.place, one.key)
            )
        )
        super().__init__("\n".join(map(str, self.mistakes)))


class RowMistake(msgspec.Struct, frozen=True):
    """One value of one row that cannot be read. It never repeats the value.

    Attributes:
        kind: Which kind of row, e.g. ``MEMBERSHIP``; or ``acts``, ``changes``.
        field: The canonical field (Python name), ``id``, ``as_of`` or ``local_id``; of
            a row inside a row, e.g. ``aids.amount``.
        column: The province's column or columns, as the mapping names them.
        code: Stable name of what is wrong: a key of ``SENTENCES``.
    """

    kind: str
    field: str
    column: str
    code: str

    @property
    def message(self) -> Bilingual:
        """What is wrong, in both languages, without the value."""
        what = SENTENCES[self.code]
        return Bilingual(
            f"{self.kind}.{self.field}（列 {self.column or '-'}）：{what.zh}",
            f"{self.kind}.{self.field} (column {self.column or '-'}): {what.en}",
        )


class Unfit(Exception):
    """A value cannot be read or written; inside this room only.

    Attributes:
        code: A key of ``SENTENCES``.
        inner: For a row inside a row, which of its fields.
    """

    def __init__(self, code: str, inner: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.inner = inner


#: What can be wrong with a value. No sentence has a blank for it.
SENTENCES = {
    "NO_COLUMN": Bilingual("行中没有这一列。", "The row has no such column."),
    "EMPTY": Bilingual("不能为空。", "It must not be empty."),
    "WRONG_TYPE": Bilingual(
        "值的类型不对。", "The value is of a type that it cannot have."
    ),
    "LONG_NUMBER": Bilingual(
        "号码被电子表格当作数字，已丢失位数。",
        "A spreadsheet took the number for an amount: digits are lost.",
    ),
    "TOO_LONG": Bilingual("文字太长。", "The text is too long."),
    "UNPRINTABLE": Bilingual(
        "含有控制字符或损坏的字符。", "It has control characters or broken ones."
    ),
    "UNKNOWN_CODE": Bilingual(
        "代码不在映射的代码表中。", "The code is not in the mapping's list of codes."
    ),
    "NOT_A_DATE": Bilingual(
        "不是映射所列格式的日期，或这一天不存在。",
        "It is no date of a format that the mapping lists, or there is no such day.",
    ),
    "OTHER_CALENDAR": Bilingual(
        "农历或民国纪年的日期不予换算，请给出公历日期。",
        "Dates of the lunar or Minguo calendar are not converted: give the Gregorian"
        " date.",
    ),
    "NOT_A_MOMENT": Bilingual(
        "不是映射所列格式的时间。",
        "It is no moment of a format that the mapping lists.",
    ),
    "NOT_A_NUMBER": Bilingual("不是数字。", "It is no number."),
    "NOT_WHOLE": Bilingual("不是整数。", "It is no whole number."),
    "OUT_OF_RANGE": Bilingual("数值超出范围。", "The number is out of range."),
    "FRACTION_OF_A_CENT": Bilingual(
        "金额精确到分以下。", "The amount has fractions of a cent."
    ),
    "NOT_A_DIVISION": Bilingual(
        "不是行政区划代码（GB/T 2260）。", "It is no division code (GB/T 2260)."
    ),
    "NOT_A_PROVINCE": Bilingual(
        "不是省级代码（GB/T 2260 前两位）。",
        "It is no province code (the first two digits of GB/T 2260).",
    ),
    "NO_SUCH_PART": Bilingual(
        "按分隔符拆分后没有这一段。", "Split by its separator, it has no such part."
    ),
    "NOT_A_LIST": Bilingual("不是列表。", "It is no list."),
    "TOO_MANY": Bilingual("列表太长。", "The list is too long."),
    "ONE_WAY": Bilingual(
        "这一项只能读，不能写回。", "It can only be read, not written back."
    ),
    "TWICE": Bilingual(
        "同一个名称有两行。", "There are two rows of one and the same name."
    ),
    "OTHER": Bilingual("不是所问的那一行。", "It is not the row that was asked for."),
    "NOT_MAPPED": Bilingual("映射中没有这一项。", "The mapping has no such field."),
    "UNREADABLE": Bilingual("无法读取。", "It cannot be read."),
}
