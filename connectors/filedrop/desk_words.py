"""Value: what is wrong with receipts and changes in files, and how an office mends it."""

from __future__ import annotations

from typing import Final

from connectors.filedrop import words
from schema.records.refusal import Bilingual

Said = tuple[Bilingual, Bilingual]


def _said(zh: str, en: str, mend_zh: str, mend_en: str) -> Said:
    return Bilingual(zh, en), Bilingual(mend_zh, mend_en)


#: What can be wrong with a row, and how it is mended. No sentence has a value in it.
ROWS: Final[dict[str, Said]] = {
    "UNKNOWN_KEY": _said(
        "枢纽没有发出过这个编号的指令，回执未采纳。",
        "The hub has sent no command with this key; the receipt was not taken.",
        "请从 acts 文件夹的原文件复制编号，不要改动或手工输入。",
        "Copy the key from the file in the folder acts; do not change or retype it.",
    ),
    "OTHER_COMMAND": _said(
        "这一行与该编号的指令不符：可能是只对部分列排了序，或粘贴错行。回执未采纳。",
        "The row is not the command of this key: perhaps some columns were sorted without"
        " the others, or it was pasted into another row. The receipt was not taken.",
        "请从 acts 文件夹重新打开原文件，逐行填写，不要排序。",
        "Open the file from the folder acts anew, and fill it in row by row, unsorted.",
    ),
    "NOT_TO_BE_REFUSED": _said(
        "撤销与办结不得拒绝：它们结束本省已经办理的登记。",
        "To cancel or to complete is not to be refused: it ends what was entered here.",
        "请照办，并填“已办”；如办不了，请先不填并联系枢纽。",
        "Carry it out and say that it is done; if you cannot, leave it empty and call"
        " the hub.",
    ),
    "NO_ENTRY": _said(
        "已办的登记没有登记编号。", "The entry is done, and its number is missing.",
        "请填登记编号。", "Fill in the number of the entry.",
    ),
    "NO_FILE_NAMED": _said(
        "新建档案的职工没有档案号。", "The new file of the worker is not named.",
        "请填本省的档案号。", "Fill in the name of the file here.",
    ),
    "OTHER_WORKER": _said(
        "档案号不是指令所指的职工。", "It is another worker than the command's.",
        "请核对；指令已有档案号时可以留空。",
        "Check it; where the command names the file, leave it empty.",
    ),
    "RESIDENT_ID": _said(
        "此处是居民身份号码，不能用作编号。", "This is a resident ID number, and no number of"
        " an entry or file.",
        "请填系统内的编号。", "Fill in the number of the system.",
    ),
    "ROUNDED": _said(
        "长编号被表格软件改成了科学记数（如 1.2E+17），后几位已丢失，回执未采纳。",
        "A spreadsheet has turned a long number into 1.2E+17: its last digits are lost,"
        " and the receipt was not taken.",
        "请把该列设为“文本”格式，重新填写完整编号后保存；或用 .xlsx 而不用 CSV。",
        "Format the column as text, write the whole number again, and save; or use .xlsx"
        " and not CSV.",
    ),
    "DONE_WITH_REASON": _said(
        "同一行既填“已办”又填了不办的原因，回执未采纳。",
        "The row says that it is done, and why it is not; it was not taken.",
        "已办的请清空原因代码；不办的请改办理结果。",
        "If it is done, empty the reason; if it is not, put the answer right.",
    ),
    "REFUSED_WITH_ENTRY": _said(
        "同一行既填了不办又填了登记编号，回执未采纳。",
        "The row says that it is refused, and has the number of an entry; it was not"
        " taken.",
        "不办的请清空登记编号；已办的请改办理结果。",
        "If it is refused, empty the number; if it is done, put the answer right.",
    ),
    "NO_RECEIPT": _said(
        "这一行不是有效的回执。", "The row is no receipt.",
        "请按 acts 文件夹原文件的说明填写。", "Fill it in as the file in acts says.",
    ),
    "CONTRADICTS_TAKEN": _said(
        "与已采纳的回执不同；已采纳的不变。",
        "It differs from the receipt that was taken; that one stays.",
        "回执一经采纳不能更改。请删去这一行；如原回执有误，请联系枢纽。",
        "A receipt that was taken cannot be changed. Take the row out; if the first one"
        " was wrong, call the hub.",
    ),
    "CONTRADICTING": _said(
        "同一编号有两个不同的回执，两个都未采纳。",
        "There are two different receipts of one key; neither was taken.",
        "请只留正确的一个，删去另一个。", "Keep the right one and take the other out.",
    ),
    "DOUBLED": _said(
        "与前面的一行相同，只采纳一次。", "It repeats a row above; it was taken once.",
        "不用处理。", "Nothing needs to be done.",
    ),
    "CHANGED_AFTERWARDS": _said(
        "这一案件的这一序号以前报过，内容不同；以前报的不变。",
        "This number of this case was told before, and differently; what was told stays.",
        "已报的不能改写。请另加一行，用新序号，并在“更正”列写原序号。",
        "What was told cannot be rewritten. Add a row with a new number, which names the"
        " old one as corrected.",
    ),
    "UNFIT_CHANGE": _said(
        "这一行不是有效的案卷变更。", "The row is no change of a case file.",
        "请核对行为、日期、工会代码；撤销的行只写案号、序号、时间与所撤序号。",
        "Check act, day and union; a row that says that another is gone has only case,"
        " number, moment, and the number that is gone.",
    ),
    "UNENDED": _said(
        "文件最后一行没有写完（没有换行），最后一行未采纳。",
        "The last line of the file has no end; it was not taken.",
        "请重新保存或重新导出整个文件。", "Save or export the whole file again.",
    ),
    "TOO_MANY_ROWS": _said(
        "文件的行数太多，未读取。", "The file has too many rows; it was not read.",
        "请分成几个文件。", "Make several files of it.",
    ),
    "TOO_LARGE": _said(
        "文件太大，未读取。", "The file is too large; it was not read.",
        "请分成几个文件。", "Make several files of it.",
    ),
    "FILE_MISSING": _said(
        "文件不能读取。", "The file cannot be read.",
        "请关闭正在使用它的程序，检查读取权限，再保存一次。",
        "Close the programme that has it open, look at its rights, and save it again.",
    ),
    "UNSOUND_NAME": _said(
        "文件名不能使用，文件未读取。", "The file cannot be read under this name.",
        "文件名请只用字母、汉字、数字、点、下划线、圆括号和连字符。",
        "Use letters, digits, points, underscores, round brackets and hyphens.",
    ),
}  # fmt: skip

#: How a cell is mended where nothing else is to be said.
_AGAIN: Final = Bilingual(
    "请改正后重新保存这个文件。", "Mend it and save the file again."
)
#: How a workbook of commands is filled in: its second sheet.
HOW_TO: Final = (
    Bilingual(
        "这是枢纽请本省办理的会籍进出登记，一行一件。",
        "These are acts in the register of members that the hub asks for, one a row.",
    ),
    Bilingual(
        "1. 灰色各列是指令，请勿改动、排序或删行。",
        "1. The grey columns are the command: do not change, sort or delete them.",
    ),
    Bilingual(
        "2. 办理后在黄色各列填写结果：已办的填登记编号；不办的填原因代码。",
        "2. Then fill in the yellow columns: the number of the entry if it is done, the"
        " reason if it is refused.",
    ),
    Bilingual(
        "3. 把填好的文件存入 receipts 文件夹（不必改名）。未办的行可以空着，以后填好再存一次。",
        "3. Save the file into the folder receipts, under the same name. Rows that are"
        " not done yet may stay empty; fill them in later and save it again.",
    ),
    Bilingual(
        "4. 填写有误时，reports 文件夹会出现同名的说明，指出哪一行、哪一列、如何改正。",
        "4. If something is wrong, a file appears in the folder reports: which row, which"
        " column, and how to mend it.",
    ),
    Bilingual(
        "5. 同一编号（“{key}”列）只办一次，即使在两个文件中出现。",
        "5. One key (column “{key}”) is carried out once, even if two files have it.",
    ),
)

_UNKNOWN: Final = _said(
    "无法读取。", "It cannot be read.", "请检查后重新保存。", "Check it and save it again."
)  # fmt: skip


def sentences(code: str) -> Said:
    """Tell what a code means, and how it is mended."""
    if code in ROWS:
        return ROWS[code]
    if code in words.BATCHES:
        return words.BATCHES[code]
    if code in words.ROWS:
        mend = words.REMEDIES.get(code, _AGAIN)
        return words.ROWS[code], mend
    return _UNKNOWN
