"""Value: why a statement about a link is refused or in conflict."""

from __future__ import annotations

from schema.records.refusal import Bilingual, Refusal

#: Longer than this a local key does not fit the province contract.
LONGEST_LOCAL_KEY = 64

_FORM = "link-form"
_TWIN = "no-automatic-merge"

UNKNOWN_PROVINCE = Refusal(
    "UNKNOWN_PROVINCE",
    _FORM,
    Bilingual("枢纽没有接入这个省份。", "The hub has no province of this code."),
    Bilingual(
        "请填写已接入省份的两位代码：{known}。",
        "Write the two digits of a connected province: {known}.",
    ),
)
OTHER_PROVINCE = Refusal(
    "OTHER_PROVINCE",
    _FORM,
    Bilingual(
        "只能登记本省的关联。", "Links can be registered for one's own province only."
    ),
    Bilingual("请由该省的工会登记。", "Have the union of that province register it."),
)
EMPTY_LOCAL_KEY = Refusal(
    "EMPTY_LOCAL_KEY",
    _FORM,
    Bilingual("本地主键为空。", "The local key is empty."),
    Bilingual(
        "请填写该省系统中此人的主键。",
        "Write the key of this person in the provincial system.",
    ),
)
LOCAL_KEY_TOO_LONG = Refusal(
    "LOCAL_KEY_TOO_LONG",
    _FORM,
    Bilingual(
        f"本地主键超过 {LONGEST_LOCAL_KEY} 个字符。",
        f"The local key has more than {LONGEST_LOCAL_KEY} characters.",
    ),
    Bilingual(
        "请使用省级接口合同中的 localId。",
        "Use the localId of the province contract.",
    ),
)
LOCAL_KEY_UNPRINTABLE = Refusal(
    "LOCAL_KEY_UNPRINTABLE",
    _FORM,
    Bilingual(
        "本地主键含有不可显示的字符。",
        "The local key has characters that cannot be shown.",
    ),
    Bilingual("请删除这些字符。", "Remove these characters."),
)
LOCAL_KEY_IS_ID_NUMBER = Refusal(
    "LOCAL_KEY_IS_ID_NUMBER",
    "no-readable-id-number",
    Bilingual(
        "本地主键就是（或含有）居民身份号码，枢纽不保存可读的居民身份号码。",
        "The local key is, or contains, a resident ID number, and the hub stores"
        " none that can be read.",
    ),
    Bilingual(
        "请改用不含居民身份号码的省内主键。",
        "Use a key of the provincial system that is made of something else.",
    ),
)
UNKNOWN_KIND = Refusal(
    "UNKNOWN_KIND",
    _FORM,
    Bilingual("有未知的数据种类。", "One of the kinds is unknown."),
    Bilingual("可用的种类：{known}。", "The kinds are: {known}."),
)
NO_KINDS = Refusal(
    "NO_KINDS",
    _FORM,
    Bilingual("没有填写数据种类。", "No kinds are given."),
    UNKNOWN_KIND.remedy,
)
BAD_DATE = Refusal(
    "BAD_DATE",
    _FORM,
    Bilingual("起止日期不是有效日期。", "The first or last day is not a date."),
    Bilingual(
        "请按 2025-07-31 的格式填写；截止日期可以留空。",
        "Write it like 2025-07-31; the last day may be left empty.",
    ),
)
ENDS_BEFORE_IT_BEGINS = Refusal(
    "ENDS_BEFORE_IT_BEGINS",
    _FORM,
    Bilingual("截止日期早于起始日期。", "The last day lies before the first."),
    Bilingual("请更正其中一个日期。", "Correct one of the two."),
)
BAD_SOURCE = Refusal(
    "BAD_SOURCE",
    "no-readable-id-number",
    Bilingual(
        "登记来源为空、过长或含有居民身份号码。",
        "The source of the registration is empty, too long or contains a resident ID"
        " number.",
    ),
    Bilingual(
        "请用不超过 200 个字符说明是谁登记的。",
        "Say in at most 200 characters who registers.",
    ),
)
TWIN_LOCAL_KEY = Refusal(
    "TWIN_LOCAL_KEY",
    _TWIN,
    Bilingual(
        "同一时期，同一居民身份号码在该省已关联另一个本地主键 {standing}；原关联未改动。",
        "For the same time the same resident ID number is already linked to another"
        " local key of the province, {standing}; that link stands as it was.",
    ),
    Bilingual(
        "请核实哪一个是此人：若原主键已停用，先为它登记截止日期；若两者是同一人的"
        "重复档案，请先在省级系统合并。",
        "Find out which one is this person: if the old key is out of use, register its"
        " last day first; if both are files of one person, join them in the"
        " provincial system first.",
    ),
)
LOCAL_KEY_TAKEN = Refusal(
    "LOCAL_KEY_TAKEN",
    _TWIN,
    Bilingual(
        "同一时期，这个本地主键已关联另一个居民身份号码；原关联未改动。",
        "For the same time this local key is already linked to another resident ID"
        " number; that link stands as it was.",
    ),
    Bilingual(
        "请核实居民身份号码与本地主键；若原关联有误，先为它登记截止日期。",
        "Check the number and the local key; if the old link is wrong, register its"
        " last day first.",
    ),
)
OVERLAPPING_PERIOD = Refusal(
    "OVERLAPPING_PERIOD",
    _TWIN,
    Bilingual(
        "此期间与同一本地主键已登记的另一期间重叠；原关联未改动。",
        "The period overlaps another one that is registered for the same local key;"
        " that link stands as it was.",
    ),
    Bilingual(
        "请更正起止日期，使两段期间不重叠。",
        "Correct the dates so that the two do not overlap.",
    ),
)


def with_known(refusal: Refusal, known: str) -> Refusal:
    """Name in the remedy what would have been right."""
    return Refusal(
        refusal.code, refusal.rule, refusal.message, refusal.remedy.format(known=known)
    )
