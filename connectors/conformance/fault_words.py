"""Value: what a fault means to whoever runs the province's system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema.records.refusal import Bilingual
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.faults import ProvinceFault

_WORDS: Mapping[FaultCode, Bilingual] = {
    FaultCode.UNREACHABLE: Bilingual(
        "无人监听，或名称不能解析",
        "nothing listens there, or the name does not resolve",
    ),
    FaultCode.TIMED_OUT: Bilingual("时限内没有答复", "no answer within the deadline"),
    FaultCode.BROKEN_OFF: Bilingual(
        "答到一半断开", "the connection ended in the middle of the answer"
    ),
    FaultCode.UNTRUSTED: Bilingual(
        "证书过期、自签或不是此机构所发",
        "the certificate has expired, or nobody trusted has signed it",
    ),
    FaultCode.UNAUTHORISED: Bilingual(
        "拒绝了所给的凭证", "the credentials that were shown are refused"
    ),
    FaultCode.THROTTLED: Bilingual("要求少问", "it asks for fewer questions"),
    FaultCode.PROVINCE_ERROR: Bilingual(
        "省里的系统自己出错", "the province's system has an error of its own"
    ),
    FaultCode.MALFORMED: Bilingual(
        "答复不是契约所说的样子", "the answer is not what the contract says"
    ),
    FaultCode.TOO_LARGE: Bilingual(
        "答复过大，超过 response_cap", "the answer is larger than response_cap"
    ),
    FaultCode.REDIRECTED: Bilingual(
        "指向别处；枢纽从不跟随", "it sends elsewhere, where the hub never follows"
    ),
    FaultCode.NOT_SUPPORTED: Bilingual(
        "不提供所问的", "it does not serve what was asked"
    ),
}
#: Whoever is not let in sees no more on the wire than by the connector.
SHUT_OUT = frozenset(
    {
        FaultCode.UNREACHABLE,
        FaultCode.TIMED_OUT,
        FaultCode.UNTRUSTED,
        FaultCode.UNAUTHORISED,
    }
)


def words_of(fault: ProvinceFault) -> Bilingual:
    """Tell a fault: its code, what it means, and its detail, which is never personal."""
    told = f"{fault.code}（{{}}）", f"{fault.code} ({{}})"
    means = _WORDS.get(fault.code, Bilingual("未列", "not listed"))
    detail = f": {fault.detail}" if fault.detail else ""
    return Bilingual(
        told[0].format(means.zh) + detail, told[1].format(means.en) + detail
    )
