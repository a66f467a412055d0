"""Value: why a links file, or a line of it, cannot be read."""

from __future__ import annotations

import errno

from schema.records.refusal import Bilingual, Refusal

#: The columns of a links file, in the order in which we write them.
COLUMNS = ("resident_id", "province", "local_key", "kinds", "valid_from", "valid_to")

_FORM = "links-file"
_EXAMPLE = "kinds: MEMBERSHIP|SKILL"
_JSON_EXAMPLE = (
    '{"resident_id": "…", "province": "44", "local_key": "…",'
    ' "kinds": ["MEMBERSHIP"], "valid_from": "2025-07-31", "valid_to": null}'
)
_SAVE_AS_UTF8 = Bilingual(
    "请另存为 UTF-8 编码后重新导入。", "Save it as UTF-8 and import it again."
)

NOT_UTF8 = Refusal(
    "NOT_UTF8",
    _FORM,
    Bilingual("这一行不是 UTF-8 编码。", "The line is not UTF-8."),
    _SAVE_AS_UTF8,
)
FILE_NOT_UTF8 = Refusal(
    "NOT_UTF8",
    _FORM,
    Bilingual("文件是 UTF-16 编码。", "The file is UTF-16."),
    _SAVE_AS_UTF8,
)
FILE_EMPTY = Refusal(
    "FILE_EMPTY",
    _FORM,
    Bilingual("文件是空的。", "The file is empty."),
    Bilingual(
        "文件可能没有传完；请重新获取，第一行应为列名。",
        "It may not have arrived: fetch it again. The first line names the columns.",
    ),
)
LINE_TOO_LONG = Refusal(
    "LINE_TOO_LONG",
    _FORM,
    Bilingual("这一行太长。", "The line is too long."),
    Bilingual("请检查是否缺少换行。", "Check whether the end of a line is missing."),
)
WRONG_COLUMNS = Refusal(
    "WRONG_COLUMNS",
    _FORM,
    Bilingual(
        f"这一行不是 {len(COLUMNS)} 列。", f"The line has not {len(COLUMNS)} columns."
    ),
    Bilingual(
        f"列之间用逗号，多个种类之间用竖线，例如 {_EXAMPLE}。",
        f"Put commas between columns and bars between kinds, like {_EXAMPLE}.",
    ),
)
TORN_LINE = Refusal(
    "TORN_LINE",
    _FORM,
    Bilingual(
        "文件的最后一行不完整，文件可能没有传完。",
        "The last line is torn: the file may not have arrived whole.",
    ),
    Bilingual(
        "请重新获取完整文件再导入；已登记的行不会重复。",
        "Fetch the whole file and import it again; what is registered stays as it is.",
    ),
)
NOT_JSON = Refusal(
    "NOT_JSON",
    _FORM,
    Bilingual(
        "这一行不是所需字段的 JSON 对象。",
        "The line is no JSON object of the fields that are needed.",
    ),
    Bilingual(f"请写成 {_JSON_EXAMPLE}。", f"Write it like {_JSON_EXAMPLE}"),
)
WRONG_HEADER = Refusal(
    "WRONG_HEADER",
    _FORM,
    Bilingual(
        "文件的第一行不是所需的列名。",
        "The first line of the file does not name the columns that are needed.",
    ),
    Bilingual(
        f"CSV 文件的第一行应为：{','.join(COLUMNS)}；或每行一个 JSON 对象。",
        f"A CSV file begins with the line {','.join(COLUMNS)}; or write one JSON"
        " object a line.",
    ),
)
FILE_UNREADABLE = Refusal(
    "FILE_UNREADABLE",
    _FORM,
    Bilingual("无法读取文件：{reason}。", "The file cannot be read: {reason}."),
    Bilingual(
        "请检查文件路径与权限。", "Check the path of the file and its permissions."
    ),
)
REPORT_UNWRITABLE = Refusal(
    "REPORT_UNWRITABLE",
    _FORM,
    Bilingual(
        "无法写入结果报告：{reason}。已登记的行保留。",
        "The report of the results cannot be written: {reason}. What is registered"
        " so far stays.",
    ),
    Bilingual(
        "请检查磁盘空间与目录权限后重新导入同一文件。",
        "Check the disk space and the permissions of the directory, and import the"
        " same file again.",
    ),
)


#: The operating system gives its reason in English only.
_REASONS = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是一个目录",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "文件系统只读",
    errno.EIO: "磁盘读写出错",
}


def because(refusal: Refusal, error: OSError) -> Refusal:
    """Put the operating system's reason into a refusal, without the path."""
    english = error.strerror or type(error).__name__
    chinese = _REASONS.get(error.errno or 0, english)
    return Refusal(
        refusal.code,
        refusal.rule,
        Bilingual(
            refusal.message.zh.format(reason=chinese),
            refusal.message.en.format(reason=english),
        ),
        refusal.remedy,
    )
