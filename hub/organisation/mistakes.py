"""Value: why organisations make no tree, or a line of their file cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schema.records.membership import OrganisationKind
from schema.records.refusal import Bilingual, Refusal

if TYPE_CHECKING:
    from hub.organisation.organisation import Organisation

#: RULEBOOK §2: organisations have effective dates and one parent.
_TREE: Final = "organisation-tree"
_FORM: Final = "organisation-form"

#: The columns of a file of organisations.
COLUMNS: Final = (
    "code", "name", "province", "division", "kind", "parent", "valid_from",
    "valid_to", "planned_end", "landing",
)  # fmt: skip
_KINDS = " ".join(kind for kind in OrganisationKind)


class BadDirectory(ValueError):
    """Organisations that make no forest.

    Attributes:
        mistakes: Each period that is wrong, with the reason.
    """

    def __init__(self, mistakes: tuple[tuple[Organisation, Refusal], ...]) -> None:
        first, refusal = mistakes[0]
        said = refusal.message
        super().__init__(
            f"组织 {first.code}：{said.zh} / organisation {first.code}: {said.en}"
        )
        self.mistakes = mistakes


def _tree(code: str, zh: str, en: str, do_zh: str, do_en: str) -> Refusal:
    return Refusal(code, _TREE, Bilingual(zh, en), Bilingual(do_zh, do_en))


def _form(code: str, zh: str, en: str, do_zh: str, do_en: str) -> Refusal:
    return Refusal(code, _FORM, Bilingual(zh, en), Bilingual(do_zh, do_en))


PERIOD_TWICE = _tree(
    "PERIOD_TWICE",
    "同一组织同一起始日期出现两次。",
    "The same organisation begins twice on the same day.",
    "请只保留一行。", "Keep one of the lines.",
)  # fmt: skip
PERIODS_OVERLAP = _tree(
    "PERIODS_OVERLAP",
    "该组织的两段期间重叠。",
    "Two periods of this organisation overlap.",
    "请先为前一段填写 valid_to。", "End the earlier one with valid_to first.",
)  # fmt: skip
ENDS_BEFORE_IT_BEGINS = _tree(
    "ENDS_BEFORE_IT_BEGINS",
    "valid_to 或 planned_end 早于 valid_from。",
    "valid_to or planned_end lies before valid_from.",
    "请更正日期。", "Correct the dates.",
)  # fmt: skip
PROVINCE_CHANGED = _tree(
    "PROVINCE_CHANGED",
    "该组织的两段期间分属不同省份。",
    "Two periods of this organisation are of different provinces.",
    "请为新省份的组织使用新的代码。",
    "Give the organisation of the other province a code of its own.",
)  # fmt: skip
NO_PARENT = _tree(
    "NO_PARENT",
    "没有填写上级组织；只有省级和全国组织可以没有上级。",
    "There is no parent: only a province's or the national organisation has none.",
    "请填写 parent。", "Fill in parent.",
)  # fmt: skip
PARENT_UNKNOWN = _tree(
    "PARENT_UNKNOWN",
    "上级组织既不在文件中，也未登记。",
    "The parent is neither in the file nor kept by the hub.",
    "请核对 parent，或在同一文件中加入该组织。",
    "Check parent, or add that organisation to the same file.",
)  # fmt: skip
PARENT_NOT_STANDING = _tree(
    "PARENT_NOT_STANDING",
    "上级组织在此期间并非始终存在。",
    "The parent does not stand during the whole of this period.",
    "请在上级撤销之日结束此段，并以新的上级另起一段。",
    "End this period with the parent, and begin another under the new parent.",
)  # fmt: skip
PARENT_OF_OTHER_PROVINCE = _tree(
    "PARENT_OF_OTHER_PROVINCE",
    "上级组织属于另一个省。",
    "The parent is an organisation of another province.",
    "请填写本省的上级组织；驻外工作机构归输出省。",
    "Name one of the same province; a station belongs to the outflow province.",
)  # fmt: skip
RING = _tree(
    "RING",
    "上级关系成环：该组织是自己的上级。",
    "The organisation is above itself: the parents make a ring.",
    "请更正环中某一个组织的 parent。",
    "Correct the parent of one of the ring.",
)  # fmt: skip
LANDING_UNKNOWN = _tree(
    "LANDING_UNKNOWN",
    "落地工会不存在，或就是该工会本身。",
    "The union of landing is unknown, or is this very union.",
    "请在 landing 填写另一个已登记的工会。",
    "Name another union that is registered in landing.",
)  # fmt: skip
PROJECT_WITHOUT_END = _tree(
    "PROJECT_WITHOUT_END",
    "项目工会没有填写 planned_end 和 landing。",
    "A project union has no planned_end or no landing.",
    "请填写计划撤销日期，以及届时会员落到哪个工会。",
    "Write when it is to close, and where its members land then.",
)  # fmt: skip

NOT_UTF8 = _form(
    "NOT_UTF8",
    "文件不是 UTF-8 编码。", "The file is not UTF-8.",
    "请另存为 UTF-8 编码后重新导入。", "Save it as UTF-8 and import it again.",
)  # fmt: skip
WRONG_HEADER = _form(
    "WRONG_HEADER",
    "文件的第一行不是所需的列名。",
    "The first line does not name the columns that are needed.",
    f"第一行应为：{','.join(COLUMNS)}。",
    f"Begin the file with the line {','.join(COLUMNS)}.",
)  # fmt: skip
NO_ROWS = _form(
    "NO_ROWS",
    "文件没有任何组织。", "The file names no organisation.",
    "文件可能没有传完；请重新获取。", "It may not have arrived: fetch it again.",
)  # fmt: skip
NOT_CSV = _form(
    "NOT_CSV",
    "这一行不是完整的 CSV（可能缺少引号）。",
    "The line is no whole CSV; a quotation mark may be missing.",
    "请检查引号与换行。", "Check quotation marks and line ends.",
)  # fmt: skip
WRONG_COLUMNS = _form(
    "WRONG_COLUMNS",
    f"这一行不是 {len(COLUMNS)} 列。", f"The line has not {len(COLUMNS)} columns.",
    "请检查逗号；没有值的列留空。", "Check the commas; leave what has no value empty.",
)  # fmt: skip
BAD_CODE = _form(
    "BAD_CODE",
    "组织代码为空、超过 64 个字符或含有不可显示的字符。",
    "A code is empty, has more than 64 characters, or some that cannot be shown.",
    "请填写统一社会信用代码，或机构代码。",
    "Write the unified social credit code, or the code of the office.",
)  # fmt: skip
BAD_CREDIT_CODE = _form(
    "BAD_CREDIT_CODE",
    "统一社会信用代码的校验位不符。",
    "The check digits of the unified social credit code do not fit.",
    "请核对 18 位代码。", "Check its 18 characters.",
)  # fmt: skip
BAD_NAME = _form(
    "BAD_NAME",
    "组织名称为空、超过 200 个字符或含有不可显示的字符。",
    "The name is empty, has more than 200 characters, or some that cannot be shown.",
    "请更正名称。", "Correct the name.",
)  # fmt: skip
UNKNOWN_KIND = _form(
    "UNKNOWN_KIND",
    "组织类别未知。", "The kind is unknown.",
    f"可用的类别：{_KINDS}。", f"The kinds are: {_KINDS}.",
)  # fmt: skip
BAD_DIVISION = _form(
    "BAD_DIVISION",
    "行政区划代码不是 6、9 或 12 位数字。",
    "The division has not 6, 9 or 12 digits.",
    "请填写 GB/T 2260 代码，例如 440106。", "Write its code of GB/T 2260, like 440106.",
)  # fmt: skip
BAD_PROVINCE = _form(
    "BAD_PROVINCE",
    "省份不是两位数字。", "The province is not two digits.",
    "请填写行政区划代码的前两位，例如 44。",
    "Write the first two digits of its division code, like 44.",
)  # fmt: skip
BAD_DATE = _form(
    "BAD_DATE",
    "日期无效，或缺少 valid_from。", "A date is none, or valid_from is missing.",
    "请按 2025-07-31 的格式填写；没有的日期留空。",
    "Write it like 2025-07-31; leave a date that is not there empty.",
)  # fmt: skip
