"""Value: what an office is told of a batch, in both languages, and how it is mended."""

from __future__ import annotations

from typing import Final

from connectors.mapping.mistakes import SENTENCES
from schema.records.refusal import Bilingual

#: Why a batch is not taken, and what to do.
BATCHES: Final[dict[str, tuple[Bilingual, Bilingual]]] = {
    "NAME": (
        Bilingual("有一个批次目录的名称不能使用。", "The name of a batch's folder cannot be used."),
        Bilingual("名称只用文字、数字、空格、点与横线，例如 2026-11-22。",
                  "Use letters, digits, spaces, points and hyphens, e.g. 2026-11-22."),
    ),
    "MANIFEST": (
        Bilingual("manifest.json 不能读取。", "The manifest cannot be read."),
        Bilingual("请用 hub province pack 重写；as_of 须带时区，sha256 为小写十六进制。",
                  "Write it with hub province pack; as_of has a zone, sha256 is in small"
                  " hexadecimal digits."),
    ),
    "FILE_MISSING": (
        Bilingual("清单所列的文件不存在或不能读取。",
                  "A file of the manifest is not there, or cannot be read."),
        Bilingual("请先传完全部文件，最后写 manifest.json。",
                  "Copy all files first, and manifest.json last."),
    ),
    "NOT_IN_MANIFEST": (
        Bilingual("清单中没有映射所读的文件。",
                  "The manifest lacks a file that the mapping reads."),
        Bilingual("每批都要包含全部文件，没有数据的也要（只有表头）。",
                  "Each batch has all files, also those without rows (their head alone)."),
    ),
    "CHECKSUM": (
        Bilingual("文件内容与清单的校验和不符。",
                  "The file is not the one whose checksum the manifest names."),
        Bilingual("请重新传送该文件，或重新打包（hub province pack）。",
                  "Copy the file again, or pack the batch anew (hub province pack)."),
    ),
    "ROW_COUNT": (
        Bilingual("文件行数与清单不符。", "The file has not as many rows as the manifest says."),
        Bilingual("请重新导出并打包；行数不含表头与空行，工作簿为各表合计。",
                  "Export and pack it anew; the head and empty rows do not count, all sheets"
                  " of a workbook do."),
    ),
    "TOO_MANY_ROWS": (
        Bilingual("文件行数超出上限。", "The file has more rows than are taken."),
        Bilingual("请与枢纽管理员联系（设置 files.most_rows）。",
                  "Ask the hub's operator (setting files.most_rows)."),
    ),
    "TOO_LARGE": (
        Bilingual("文件（解压后）太大。", "The file is too large, unpacked."),
        Bilingual("大表请用 CSV；上限为设置 files.most_bytes、files.memory。",
                  "Deliver large tables as CSV; the bounds are files.most_bytes and"
                  " files.memory."),
    ),
    "UNKNOWN_FORMAT": (
        Bilingual("文件格式不能识别。", "The file is of no format that is read."),
        Bilingual("请用 .csv、.jsonl 或 .xlsx。", "Deliver .csv, .jsonl or .xlsx."),
    ),
    "ENCODING": (
        Bilingual("文字编码不是 UTF-8，也不是 GB18030。",
                  "The text is neither UTF-8 nor GB18030."),
        Bilingual("请以 UTF-8 保存。", "Save it as UTF-8."),
    ),
    "HEAD": (
        Bilingual("没有表头，或有重名的列。", "There is no head, or two columns have one name."),
        Bilingual("第一行须为列名，各不相同。", "The first row names the columns, each once."),
    ),
    "BROKEN_CSV": (
        Bilingual("CSV 的引号不成对，或一格太长。",
                  "Quotation marks of the CSV do not match, or a cell is too long."),
        Bilingual("含逗号、引号或换行的格须加引号，格内的引号写两次。",
                  "Quote cells with commas, quotes or line breaks; write quotes in them twice."),
    ),
    "NOT_A_WORKBOOK": (
        Bilingual("不是可以读取的 .xlsx 工作簿（也许已加密或损坏）。",
                  "It is no .xlsx workbook that can be read; perhaps it is encrypted or broken."),
        Bilingual("请在 Excel 中另存为“Excel 工作簿（.xlsx）”，不设密码。",
                  "Save it in Excel as a workbook (.xlsx) without a password."),
    ),
    "MACROS": (
        Bilingual("工作簿含有宏或程序。", "The workbook holds macros or programmes."),
        Bilingual("请另存为不含宏的 .xlsx。", "Save it as .xlsx without macros."),
    ),
    "NO_SHEET": (
        Bilingual("工作簿中没有映射所读的工作表。",
                  "The workbook has no sheet of the name that the mapping reads."),
        Bilingual("请恢复工作表的名称。", "Give the sheet its name back."),
    ),
    "NO_WORKERS": (
        Bilingual("职工表缺少必需的列，整批不能读取。",
                  "The table of workers lacks a column that is needed; nothing can be read."),
        Bilingual("请按本报告补上列，或修改映射。",
                  "Put back the columns of this report, or change the mapping."),
    ),
    "MANY_UNREADABLE": (
        Bilingual("不能读取的行太多，疑为导出有误。",
                  "Too many rows cannot be read: the export seems to have gone wrong."),
        Bilingual("请按本报告修正；确属如此的，由枢纽管理员执行 hub province take --anew。",
                  "Mend them by this report; if it is meant to be so, the hub's operator"
                  " runs hub province take --anew."),
    ),
    "SHRUNK": (
        Bilingual("该类的行数比上一批少得多，疑为导出中断或留有筛选。",
                  "There are far fewer rows of this kind than in the last batch: the export"
                  " seems to have broken off, or a filter was left on."),
        Bilingual("请重新导出；确属如此的，由枢纽管理员执行 hub province take --anew。",
                  "Export it anew; if it is meant to be so, the hub's operator runs"
                  " hub province take --anew."),
    ),
    "KIND_LOST": (
        Bilingual("上一批有的一类，这一批因缺列不能读取。",
                  "A kind that the last batch had cannot be read: columns are not there."),
        Bilingual("表头须在第一行，列名不变；确属如此的，由枢纽管理员执行 hub province take --anew。",
                  "The head is the first row, its names as before; if it is meant to be so,"
                  " the hub's operator runs hub province take --anew."),
    ),
    "NOBODY": (
        Bilingual("职工表一行也没有。", "The table of workers has no row."),
        Bilingual("请重新导出；确属如此的，由枢纽管理员执行 hub province take --anew。",
                  "Export it anew; if it is meant to be so, the hub's operator runs"
                  " hub province take --anew."),
    ),
    "FUTURE": (
        Bilingual("as_of 在将来。", "Its as_of lies ahead."),
        Bilingual("请核对时钟与时区（北京时间为 +08:00）。",
                  "Look at the clock and the zone (China is +08:00)."),
    ),
}  # fmt: skip

#: What can be wrong with a row or cell, besides what a mapping says of values.
ROWS: Final[dict[str, Bilingual]] = {
    **SENTENCES,
    "CELLS": Bilingual(
        "这一行的格数与表头不同。", "The row has not as many cells as the head."
    ),
    "BROKEN_LINE": Bilingual("这一行不是 JSON 对象。", "The line is no JSON object."),
    "AHEAD": Bilingual(
        "这一行的截至时间在将来。", "The moment of which the row is lies ahead."
    ),
    "NAME_TWICE": Bilingual(
        "这一行有一个名称写了两次。", "The line has one name twice."
    ),
    "NUMBER_FORMAT": Bilingual(
        "这一格是数字，其格式显示了数字本身没有的零或文字。",
        "The cell is a number whose format shows zeros or letters that it does not hold.",
    ),
    "SHARED_ID": Bilingual(
        "同一编号属于两名职工；编号在本省同类行中须唯一。",
        "One id belongs to two workers; it is unique among a province's rows of the kind.",
    ),
    "FORMULA": Bilingual("这一格是公式。", "The cell is a formula."),
    "ERROR_CELL": Bilingual(
        "这一格是 Excel 的错误值。", "The cell is an error of Excel's."
    ),
}

_LOOK = Bilingual(
    "请在本省系统中改正，下一批即生效。",
    "Put it right in your own system; the next batch has it.",
)
#: How a row or cell is mended, where there is more to say than that.
REMEDIES: Final[dict[str, Bilingual]] = {
    "NO_COLUMN": Bilingual(
        "请恢复这一列的名称，或请枢纽管理员修改映射。",
        "Give the column its name back, or have the mapping changed.",
    ),
    "UNKNOWN_CODE": Bilingual(
        "请用代码表中的代码；新的代码请告知枢纽管理员，加入映射。",
        "Use a code of the list; tell the hub's operator of new ones.",
    ),
    "NOT_A_DATE": Bilingual(
        "请写公历日期，例如 2026-11-22；Excel 中请设为日期格式。",
        "Write a Gregorian date, e.g. 2026-11-22; in Excel, format the cell as a date.",
    ),
    "CELLS": Bilingual(
        "含逗号或换行的格须加引号。", "Quote cells with commas or line breaks."
    ),
    "FORMULA": Bilingual(
        "请选择性粘贴为数值后再交。", "Paste it as values before delivery."
    ),
    "TWICE": Bilingual(
        "同一名称只能有一行；请合并或删去重复的。",
        "There is one row for each name: join them, or take one out.",
    ),
    "LONG_NUMBER": Bilingual(
        "请先将该列设为文本格式，再重新录入或导出原号码；已丢失的位数无法恢复。",
        "Format the column as text first, then enter or export the number anew: digits"
        " that were lost do not come back.",
    ),
    "NUMBER_FORMAT": Bilingual(
        "请将该列设为文本格式，写出完整的号码。",
        "Format the column as text, and write the number in full.",
    ),
    "EMPTY": Bilingual("请补填。", "Fill it in."),
}


def remedy(code: str) -> Bilingual:
    """Tell how a row is mended."""
    return REMEDIES.get(code, _LOOK)
