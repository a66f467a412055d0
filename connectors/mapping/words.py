"""Value: what can be wrong with a mapping file, in both languages, and how to mend it."""

from __future__ import annotations

from typing import Final

from schema.records.refusal import Bilingual

Said = tuple[Bilingual, Bilingual]


def _said(zh: str, en: str, mend_zh: str, mend_en: str) -> Said:
    return Bilingual(zh, en), Bilingual(mend_zh, mend_en)


DID_YOU_MEAN: Final = Bilingual("是否想写 {guess}？", "Did you mean {guess}?")
KNOWN_ARE: Final = Bilingual("可用：{known}。", "Known are: {known}.")

NOT_UTF8: Final = _said(
    "文件不是 UTF-8 编码。", "The file is not in UTF-8.",
    "请另存为 UTF-8。", "Save it as UTF-8.",
)  # fmt: skip
TOO_LARGE: Final = _said(
    "文件超过 1 MB。", "The file is larger than 1 MB.",
    "映射只写列与代码，不放数据。", "A mapping holds columns and codes, no data.",
)  # fmt: skip
NOT_TOML: Final = _said(
    "不是正确的 TOML：{why}。", "It is no sound TOML: {why}.",
    "请检查这一行的引号、括号与等号。",
    "Look at the quotation marks, brackets and equals signs of this line.",
)  # fmt: skip
TWICE: Final = _said(
    "同一项写了两次。", "The same thing is said twice.",
    "请只保留一处。", "Keep one of them.",
)  # fmt: skip
UNKNOWN_KEY: Final = _said(
    "没有“{name}”这一项。", "There is no key “{name}” here.", "", ""
)
UNKNOWN_KIND: Final = _said(
    "没有“{name}”这一类记录。", "There is no kind of record “{name}”.", "", ""
)
UNKNOWN_FIELD: Final = _said(
    "{kind} 没有“{name}”这个字段。", "{kind} has no field “{name}”.", "", ""
)
UNKNOWN_CODES: Final = _said(
    "没有名为“{name}”的代码表。", "There is no list of codes “{name}”.", "", ""
)
UNKNOWN_TARGET: Final = _said(
    "“{name}”不是 {field} 可取的值。", "“{name}” is no value that {field} can have.",
    "", "",
)  # fmt: skip
UNKNOWN_FORMAT: Final = _said(
    "没有“{name}”这种日期格式。", "There is no date format “{name}”.", "", ""
)
UNKNOWN_UNIT: Final = _said(
    "没有“{name}”这种金额单位。", "There is no unit of money “{name}”.", "", ""
)
MISSING: Final = _said(
    "缺少“{name}”。", "“{name}” is missing.", "请补上：{example}", "Add it: {example}"
)
WRONG_TYPE: Final = _said(
    "“{name}”应为{zh}。", "“{name}” must be {en}.", "例如 {example}", "E.g. {example}"
)
NOT_A_NAME: Final = _said(
    "这不是列名：名称只能由字母、汉字、数字、下划线、空格、连字符和圆括号组成，层级用点分开。",
    "This is no name of a column: names are made of letters, digits, underscores,"
    " spaces, hyphens and round brackets, with points between levels.",
    "请写列名本身，不写引号、分号、注释或表达式。",
    "Write the column's bare name: no quotation marks, semicolons, comments or"
    " expressions.",
)  # fmt: skip
NOT_A_SOURCE: Final = _said(
    "这不是来源名：可写 表、模式.表、文件名.csv 或 /路径/{{key}}，不写网址、查询串或语句。",
    "This is no name of a source: write table, schema.table, file.csv or"
    " /path/{{key}}; no address, query string or statement.",
    "请只写名称。", "Write the bare name.",
)  # fmt: skip
NOT_FOR_THIS: Final = _said(
    "“{name}”不能用于 {field}。", "“{name}” cannot be used with {field}.",
    "请删去。", "Leave it out.",
)  # fmt: skip
NO_SOURCE_OF_VALUE: Final = _said(
    "没有说明值从哪里来。", "It is not said where the value comes from.",
    "请写 column、columns 或 constant 之一。",
    "Give one of column, columns or constant.",
)  # fmt: skip
TWO_SOURCES: Final = _said(
    "column、columns 与 constant 只能写一个。",
    "Only one of column, columns and constant can be given.",
    "请只保留一个。", "Keep one.",
)  # fmt: skip
CONSTANT: Final = _said(
    "常量不是 {field} 可取的值：{why}", "The constant is no value of {field}: {why}",
    "请写该字段的规范值。", "Write a canonical value of the field.",
)  # fmt: skip
AMBIGUOUS: Final = _said(
    "这些格式会把同一个数读成两天。", "By these formats one number would be two days.",
    "excel、excel1904、epoch_s、epoch_ms 至多写一个；epoch 不与 yyyyMMdd 同用。",
    "Give at most one of excel, excel1904, epoch_s and epoch_ms, and no epoch"
    " with yyyyMMdd.",
)  # fmt: skip
CODE_TWICE: Final = _said(
    "代码“{name}”与另一个相同（全角与半角视为相同）。",
    "The code “{name}” is the same as another (full and half width are one).",
    "请只保留一个。", "Keep one.",
)  # fmt: skip
NO_WORKER: Final = _said(
    "没有 [kinds.WORKER]：它说明本省认得哪些职工。",
    "There is no [kinds.WORKER]: it says which workers the province knows.",
    "请写 [kinds.WORKER]，至少 source、key 与 as_of。",
    "Write [kinds.WORKER] with source, key and as_of at least.",
)  # fmt: skip
ALWAYS_TOLD: Final = _said(
    "“{name}”不写在 fields 里。", "“{name}” does not stand among the fields.",
    "请把它写在 [kinds.{kind}] 里（职工的 local_id 由 key 给出）。",
    "Write it in [kinds.{kind}] itself (a worker's local_id is given by key).",
)  # fmt: skip
OLD_VERSION: Final = _said(
    "不认识这一版的映射文件。", "A mapping file of this version is not known.",
    "请写 version = 1。", "Write version = 1.",
)  # fmt: skip
SPLIT: Final = _said(
    "split 与 part 要一起写；列表写 split = [项间分隔, 项内分隔]。",
    "split and part go together; a list has split = [between items, inside one].",
    '例如 split = "-", part = 1。', 'E.g. split = "-", part = 1.',
)  # fmt: skip
