"""Value: what each fault means, for people, in both languages."""

from __future__ import annotations

from schema.records.refusal import Bilingual
from schema.records.told import FaultCode

FAULT_WORDS: dict[FaultCode, Bilingual] = {
    FaultCode.UNREACHABLE: Bilingual(
        "该省系统无法连接。请稍后再查，或联系该省系统管理员。",
        "The province's system cannot be reached. Ask again later or call its operator.",
    ),
    FaultCode.TIMED_OUT: Bilingual(
        "该省系统未在时限内答复。请稍后再查。",
        "The province's system did not answer in time. Ask again later.",
    ),
    FaultCode.BROKEN_OFF: Bilingual(
        "该省系统答复中断。请稍后再查。",
        "The province's answer broke off. Ask again later.",
    ),
    FaultCode.UNTRUSTED: Bilingual(
        "该省系统的证书不可信或已过期，枢纽不接受其答复。请联系该省系统管理员更换证书。",
        "The certificate of the province's system is not trusted or has expired. "
        "Its operator must renew it.",
    ),
    FaultCode.UNAUTHORISED: Bilingual(
        "该省系统拒绝了枢纽的凭证。请联系枢纽管理员。",
        "The province's system refused the hub's credentials. Call the hub's operator.",
    ),
    FaultCode.THROTTLED: Bilingual(
        "该省系统要求减少查询。请稍后再查。",
        "The province's system asks for fewer questions. Ask again later.",
    ),
    FaultCode.PROVINCE_ERROR: Bilingual(
        "该省系统报告内部错误。请稍后再查，或联系该省系统管理员。",
        "The province's system reported an error of its own. "
        "Ask again later or call its operator.",
    ),
    FaultCode.MALFORMED: Bilingual(
        "该省系统的答复不符合契约，枢纽未采用。请联系该省系统管理员。",
        "The province's answer breaks the contract, so none of it was used. "
        "Call its operator.",
    ),
    FaultCode.TOO_LARGE: Bilingual(
        "该省系统的答复超过上限，枢纽未采用。请减少所查字段，或联系该省系统管理员。",
        "The province's answer is larger than the hub takes. "
        "Ask for fewer fields or call its operator.",
    ),
    FaultCode.REDIRECTED: Bilingual(
        "该省系统要求转向别处，枢纽不予跟随。请联系枢纽管理员核对地址。",
        "The province's system points elsewhere; the hub never follows. "
        "Call the hub's operator to check the address.",
    ),
    FaultCode.PARTIAL: Bilingual(
        "该省系统只答复了一部分。已答部分在档案中；请稍后再查其余部分。",
        "The province's system answered in part. What it told is in the file; "
        "ask again later for the rest.",
    ),
    FaultCode.NOT_SUPPORTED: Bilingual(
        "该省系统不提供所查内容。",
        "The province's system does not serve what was asked.",
    ),
    FaultCode.SUSPENDED: Bilingual(
        "该省系统近期连续失败，枢纽暂停向其查询。请稍后再查。",
        "The province's system has failed repeatedly and is not being asked just now. "
        "Ask again later.",
    ),
    FaultCode.BUSY: Bilingual(
        "对该省系统的查询过多，本次未能排上。请稍后再查。",
        "Too many questions to the province's system are under way. Ask again later.",
    ),
    FaultCode.NOT_CONNECTED: Bilingual(
        "该省登记了此职工，但尚未接入枢纽。请以其他方式联系该省工会。",
        "The province knows the worker but is not connected to the hub. "
        "Contact its union by other means.",
    ),
}
