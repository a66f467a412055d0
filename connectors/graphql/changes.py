"""Decider (pure): the question for changes of case files, and the page that comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from connectors.faults import ProvinceFault
from connectors.graphql.envelope import Envelope, check_aliases, opened
from connectors.told_changes import ToldChanges, UnfitChanges, read_changes
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from connectors.port import ChangesWanted
    from connectors.transport import Reply
    from schema.records.change import Changes
    from schema.records.keys import ProvinceCode

#: The fields of ``Query`` that tell changes; a province serves both or none.
FIELDS = ("caseChanges", "caseFile")

_PAGE = (
    "province changes{caseNo seq asOf act on unionCode corrects gone"
    " document{reference sha256} fact{kind about names days}}"
    " watermarks{caseNo seq} next more"
)
_LOG = (
    "query HubCaseChanges($after:String,$first:Int!)"
    f"{{a0:caseChanges(after:$after,first:$first){{{_PAGE}}}}}"
)
_FILE = (
    "query HubCaseFile($caseNo:String!,$after:Int!,$first:Int!)"
    f"{{a0:caseFile(caseNo:$caseNo,after:$after,first:$first){{{_PAGE}}}}}"
)


class _Data(msgspec.Struct):
    a0: ToldChanges | None


_ENCODER = msgspec.json.Encoder()
_BODY = msgspec.json.Decoder(Envelope[_Data])


def changes_body(wanted: ChangesWanted) -> bytes:
    """Write the request body."""
    if wanted.case_no:
        name, query = "HubCaseFile", _FILE
        variables: dict[str, object] = {"caseNo": wanted.case_no, "after": wanted.seq}
    else:
        name, query = "HubCaseChanges", _LOG
        variables = {"after": wanted.after or None}
    variables["first"] = wanted.first
    told = {"operationName": name, "query": query, "variables": variables}
    return _ENCODER.encode(told)


def changes_told(
    province: ProvinceCode, wanted: ChangesWanted, reply: Reply
) -> Changes:
    """Read the page.

    Raises:
        ProvinceFault: It cannot be used; the detail names the rule, never a value.
    """
    data, _ = opened(_BODY, reply, whole=True)
    if data.a0 is None:
        raise ProvinceFault(FaultCode.MALFORMED, "no data")
    check_aliases(reply.body, 1)
    try:
        return read_changes(province, data.a0, wanted.first)
    except UnfitChanges as unfit:
        raise ProvinceFault(FaultCode.MALFORMED, unfit.rule) from None
