"""Decider: whether the registers of a transfer take the acts that it will ask of them.

Refused is only what is known: a province that is down, or that has not been asked yet
what it serves, may be up tomorrow, and its commands wait for it. One that has declared
that it takes no acts, or that its own settings pause, would keep the member waiting for
somebody who does not come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from msgspec.structs import replace

from schema.records.command import Act
from schema.records.province import ProvinceState
from schema.records.refusal import Bilingual, Refusal
from schema.records.transfer import Basis, TransferState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from connectors.health import Health
    from hub.transfer.events import Opened
    from hub.transfer.ports import Standing
    from hub.transfer.settling import Opening
    from schema.records.keys import ProvinceCode

#: What the province that lets a member go does: also where it is taken back.
OUT: Final = frozenset({Act.REGISTER_OUT, Act.CANCEL_OUT, Act.COMPLETE_OUT})
#: What the province that takes a member in does.
IN: Final = frozenset({Act.REGISTER_IN})

_FIELDS: Final = {
    Act.REGISTER_OUT: "registerOut",
    Act.REGISTER_IN: "registerIn",
    Act.CANCEL_OUT: "cancelOut",
    Act.COMPLETE_OUT: "completeOut",
}

NO_ACTS: Final = Refusal(
    "REGISTER_TAKES_NO_ACTS",
    "transfers.register",
    Bilingual(
        "{name}（{province}）声明的省级契约为 {version}，缺少 {acts}，不能办理会籍接转。",
        "{name} ({province}) declares the province contract {version} without {acts}:"
        " memberships cannot be moved there or from there.",
    ),
    Bilingual(
        "请该省按契约 1.1 提供这些变更（见 schema/province.graphql）；枢纽再次探测后即可办理。",
        "The province has to serve those mutations of contract 1.1 (see"
        " schema/province.graphql); it can be done once the hub has probed it again.",
    ),
)
PAUSED: Final = Refusal(
    "REGISTER_PAUSED",
    "transfers.register",
    Bilingual(
        "{name}（{province}）已在枢纽设置中暂停，暂不能办理会籍接转。",
        "{name} ({province}) is paused in the hub's settings: memberships cannot be"
        " moved there or from there now.",
    ),
    Bilingual(
        "请在恢复后用同一幂等键重试；如需恢复，请联系枢纽运维（该省的 paused）。",
        "Try again with the same key when it goes on; the hub's operators can let it"
        " (paused in the province's settings).",
    ),
)
NOT_CONNECTED: Final = Refusal(
    "REGISTER_NOT_CONNECTED",
    "transfers.register",
    Bilingual(
        "省级代码 {province} 尚未接入枢纽，不能办理会籍接转。",
        "Province {province} is not connected to this hub: memberships cannot be moved"
        " there or from there.",
    ),
    Bilingual(
        "请该省按省级契约 1.1 接入，或由两省另行办理。",
        "The province has to be connected, with contract 1.1; until then the two"
        " provinces settle it between themselves.",
    ),
)


class Register(Protocol):
    """What is known of a province."""

    def health(self) -> Health:
        """Tell what it declared, and how it has been answering."""
        ...


class Registers(Protocol):
    """The provinces that this hub has settings for."""

    def get(self, province: ProvinceCode) -> Register | None:
        """Find one."""
        ...


def unable(
    registers: Registers, province: ProvinceCode, needed: AbstractSet[Act]
) -> Refusal | None:
    """Refuse a province that is known not to take these acts."""
    register = registers.get(province)
    if register is None:
        return _about(NOT_CONNECTED, province=province)
    health = register.health()
    named = {"province": province, "zh": health.name_zh, "en": health.name_en}
    if health.state is ProvinceState.PAUSED:
        return _about(PAUSED, **named)
    lacking = needed - health.capabilities.acts
    if health.declared and lacking:
        return _about(
            NO_ACTS,
            **named,
            version=health.capabilities.contract_version,
            acts=", ".join(sorted(_FIELDS[act] for act in lacking)),
        )
    return None


def keeps_in(registers: Registers, province: ProvinceCode) -> bool:
    """Tell whether a register is known to take no IN entry back (before contract 1.2)."""
    register = registers.get(province)
    if register is None:
        return False
    health = register.health()
    return health.declared and Act.CANCEL_IN not in health.capabilities.acts


def unable_for(registers: Registers, opened: Opened) -> Refusal | None:
    """Refuse a transfer of which one register is known not to take its part.

    Of a duplicate only the membership that ends is touched.
    """
    refused = unable(registers, opened.from_province, OUT)
    if refused is not None or opened.basis is Basis.DUPLICATE:
        return refused
    return unable(registers, opened.to_province, IN)


def possible(registers: Registers, openings: Sequence[Opening]) -> list[Opening]:
    """Turn openings that no register would carry out into refusals of them.

    Such a refusal counts only where the act is new: see ``Opening.opened``.
    """
    told = []
    for one in openings:
        refused = None
        if not isinstance(one.opened, Refusal):
            refused = unable_for(registers, one.opened)
        told.append(one if refused is None else replace(one, opened=refused))
    return told


def unable_to_take_in(registers: Registers, standing: Standing) -> Refusal | None:
    """Refuse to accept for a register that is known not to take the member in.

    Of a transfer that cannot be accepted any more, the saga says more.
    """
    if standing.saga.state is not TransferState.IN_TRANSIT:
        return None
    return unable(registers, standing.saga.to_province, IN)


def _about(
    refusal: Refusal, *, province: str, zh: str = "", en: str = "", **blanks: str
) -> Refusal:
    """Say which province it is; a name may be as long as settings let it be."""
    said = refusal.message
    message = Bilingual(
        said.zh.format(province=province, name=zh, **blanks),
        said.en.format(province=province, name=en, **blanks),
    )
    return Refusal(refusal.code, refusal.rule, message, refusal.remedy)
