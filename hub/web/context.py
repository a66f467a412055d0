"""Itinerary: what the resolvers of one request may reach. Doors, nothing global."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.access.caller import Scope
from hub.feeds.province_change import status_of
from hub.reading.loaders import Loaders
from hub.web.following import Cases
from hub.web.following_feed import CaseFeed
from hub.web.moving import Transfers
from hub.web.moving_credentials import Credentials
from hub.web.moving_duplicates import Duplicates
from hub.web.moving_feed import TransferFeed
from hub.web.reporting import Arrears, Cooperation, Digests
from hub.web.scrub import printable
from schema.records.keys import ProvinceCode
from schema.records.purpose import PurposeOfUse
from schema.records.refusal import Bilingual, Refusal, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from connectors.registry import Registry
    from hub.access.caller import Caller
    from hub.feeds.following import Feeds as LiveFeeds
    from hub.linking.registrar import Registrar
    from hub.web.negotiate import Language
    from hub.wiring import Parts
    from schema.records.arriving import TransferEvent
    from schema.records.case_seen import CaseEvent, TaskEvent
    from schema.records.linking import LinkResult, LinkRow
    from schema.records.province import ProvinceStatus
    from schema.records.province_event import ProvinceEvent
    from schema.records.told import Fault

#: Statements in one mutation at the most; more go by ``hub links import``.
MOST_LINKS = 1_000

_NO_SCOPE = Refusal(
    code="SCOPE_MISSING",
    rule="scope.links:write",
    message=Bilingual(
        "您的授权范围不允许登记关联。",
        "Your token's scopes do not allow registering links.",
    ),
    remedy=Bilingual(
        "请向签发机构申请 links:write 授权范围。",
        "Ask your issuer for the scope links:write.",
    ),
)
_TOO_MANY = Refusal(
    code="TOO_MANY_LINKS",
    rule="limits.links",
    message=Bilingual(
        f"一次最多登记 {MOST_LINKS} 条关联。",
        f"One call takes at most {MOST_LINKS} links.",
    ),
    remedy=Bilingual(
        "请分批提交，或用 python -m hub links import 导入文件。",
        "Send them in batches, or import a file with python -m hub links import.",
    ),
)


class RequestContext:
    """What one request has; it is gone with the request.

    Attributes:
        language: ``zh`` or ``en``.
        purpose: From the header ``Purpose-Of-Use``, if it names one.
        loaders: The reading door.
        provinces: The door to the health of provinces.
        linking: The door to registering links.
        feeds: The door to live events.
        transfers: The door to moving memberships.
        cases: The door to rights cases.
        arrears: The door to reports of arrears.
        cooperation: The door to how unions work together, in numbers.
        digests: The door to what an office has to do.
        duplicates: The door to questions of duplicate memberships.
        credentials: The door to membership credentials.
    """

    def __init__(
        self,
        parts: Parts,
        caller: Caller,
        request: str,
        *,
        language: Language,
        purpose: str | None,
        most_workers: int,
    ) -> None:
        self.language = language
        self.purpose = _purpose(purpose)
        self.loaders = Loaders(parts.reader, caller, request, most_workers)
        self.provinces = Provinces(parts.provinces)
        self.linking = Linking(parts.registrar, caller)
        moving, following, beside = parts.moving, parts.following, parts.beside
        self.feeds = Feeds(
            parts.feeds,
            parts.provinces,
            TransferFeed(moving, parts.feeds, beside, caller, request),
            CaseFeed(following, parts.feeds, beside, caller, request),
        )
        self.transfers = Transfers(moving, beside, caller, request)
        self.cases = Cases(following, beside, caller, request)
        self.arrears = Arrears(following, beside, caller, request)
        self.cooperation = Cooperation(following, beside, caller, request)
        self.digests = Digests(following, beside, caller, request)
        self.duplicates = Duplicates(moving, beside, caller, request)
        self.credentials = Credentials(moving, beside, caller, request)

    def say(self, words: Bilingual) -> str:
        """Choose the sentence in the caller's language."""
        return words.zh if self.language == "zh" else words.en


def extensions_of(context: RequestContext) -> Mapping[str, object]:
    """Name the provinces that could not answer, whatever the query selected."""
    faults = context.loaders.faults.values()
    if not faults:
        return {}
    return {"provinces": [_shown(fault) for fault in faults]}


def _shown(fault: Fault) -> dict[str, object]:
    return {
        "province": fault.province,
        "code": fault.code.value,
        "retryable": fault.retryable,
    }


def _purpose(written: str | None) -> PurposeOfUse | None:
    try:
        return PurposeOfUse(written) if written else None
    except ValueError:
        return None


class Provinces:
    """Tells how the provinces do."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def status(self) -> Sequence[ProvinceStatus]:
        """Tell how each province does, in the order of their codes."""
        return [status_of(guard.health()) for guard in self._registry.all()]


class Feeds:
    """Follows live events."""

    def __init__(
        self,
        feeds: LiveFeeds,
        registry: Registry,
        transfers: TransferFeed,
        cases: CaseFeed,
    ) -> None:
        self._feeds = feeds
        self._registry = registry
        self._transfers = transfers
        self._cases = cases

    async def provinces(
        self, after: str | None, codes: Sequence[str] | None
    ) -> AsyncGenerator[ProvinceEvent, None]:
        """Follow how the provinces of this hub do, or some of them.

        Raises:
            Refused: A code or the cursor cannot be used.
        """
        known = self._registry.codes
        unknown = sorted(set(codes or ()) - {*known})
        if unknown:
            raise Refused(_unknown_codes(unknown, sorted(known)))
        # Without codes: those that there are at the moment, also if they came later.
        wanted = known if codes is None else frozenset(codes)
        return await self._feeds.provinces(
            after, lambda event: event.province.code in wanted
        )

    async def transfers(
        self, after: str | None, offices: Sequence[str] | None
    ) -> AsyncGenerator[TransferEvent, None]:
        """Follow the transfers that the caller may see.

        Raises:
            Refused: The scope is missing, or an office or the cursor cannot be used.
        """
        return await self._transfers.follow(after, offices)

    async def cases(
        self, after: str | None, offices: Sequence[str] | None
    ) -> AsyncGenerator[CaseEvent, None]:
        """Follow the cases that the caller may see.

        Raises:
            Refused: As for ``transfers``.
        """
        return await self._cases.cases(after, offices)

    async def tasks(
        self, after: str | None, offices: Sequence[str] | None
    ) -> AsyncGenerator[TaskEvent, None]:
        """Follow the co-handling tasks that the caller may see.

        Raises:
            Refused: As for ``transfers``.
        """
        return await self._cases.tasks(after, offices)


def _unknown_codes(unknown: Sequence[str], known: Sequence[str]) -> Refusal:
    listed = ", ".join(printable(one[:8]) for one in unknown[:8])
    return Refusal(
        "UNKNOWN_PROVINCE",
        "provinces.codes",
        Bilingual(
            f"没有接入代码为 {listed} 的省。",
            f"No province with the code {listed} is connected.",
        ),
        Bilingual(
            f"请使用 {', '.join(known)} 中的代码，或省略 codes。",
            f"Use codes of {', '.join(known)}, or leave codes out.",
        ),
    )


class Linking:
    """Registers links for the caller's own province, and no other."""

    def __init__(self, registrar: Registrar, caller: Caller) -> None:
        self._registrar = registrar
        self._caller = caller

    async def register(self, rows: Sequence[LinkRow]) -> Sequence[LinkResult] | Refusal:
        """Register links, each for itself; the results are in their order."""
        if Scope.LINKS_WRITE not in self._caller.scopes:
            return _NO_SCOPE
        if len(rows) > MOST_LINKS:
            return _TOO_MANY
        return await self._registrar.register(
            rows, source=self._caller.office, only=ProvinceCode(self._caller.province)
        )
