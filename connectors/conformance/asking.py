"""Itinerary: checks of how questions are answered: order, batches, strangers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connectors.conformance.comparing import listed, not_as_asked
from connectors.conformance.report import failed
from connectors.faults import ProvinceFault
from schema.records.kinds import RecordKind
from schema.records.refusal import Bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connectors.conformance.visit import Visit
    from connectors.port import Answer
    from schema.records.selection import Selection
    from schema.records.worker import WorkerRecord

#: Keys that are nobody's, and would be somebody's if they were more than a key.
ODD_KEYS = (
    "' OR '1'='1",
    '" OR ""="',
    "%",
    "_",
    "*",
    "1; --",
    '"}) { __typename } #',
    "\\",
    "职工",
    " ",
    "x" * 64,
)
#: Nobody's either; where keys stand in an address, these may be refused.
_PLACES = ("../../x?y=1&z=2#", "a/b")


def _own(visit: Visit) -> Selection:
    """Select the workers themselves: a kind that cannot be told is no matter here."""
    own = visit.everything.within(frozenset({RecordKind.WORKER}))
    return own if own.parts else visit.everything


async def order(visit: Visit) -> Bilingual:
    """Ask in reverse, with strangers between."""
    keys = tuple(reversed(visit.known()))
    own, strangers = _own(visit), visit.strangers(len(keys) + 1)
    mixed = [strangers[0]]
    for key, stranger in zip(keys, strangers[1:], strict=True):
        mixed += [key, stranger]
    there = {key for key in keys if (await visit.workers((key,), own))[0]}
    told = await visit.workers(mixed, own)
    names = [one and one.local_id for one in told]
    wanted = [key if key in there else None for key in mixed]
    if names != wanted:
        count = sum(one != other for one, other in zip(names, wanted, strict=True))
        raise failed(
            f"{len(wanted)} 位中 {count} 位不是所问",
            f"{count} of {len(wanted)} places hold another than was asked for",
        )
    return Bilingual(f"{len(mixed)} 位", f"places: {len(mixed)}")


async def batch(visit: Visit) -> Bilingual:
    """Ask for all at once."""
    keys = visit.known(2)

    async def obtain() -> Mapping[str, WorkerRecord | None]:
        told = await visit.workers(keys, visit.everything)
        return dict(zip(keys, told, strict=True))

    await visit.agree(keys, visit.everything, obtain)
    return Bilingual(f"{len(keys)} 人一批", f"workers at once: {len(keys)}")


async def asks(visit: Visit) -> Bilingual:
    """Put several questions into one call."""
    keys = visit.known()
    own, whole = _own(visit), visit.everything
    wanted = ((keys[:1], own), (keys, whole), ((), own))
    answer = await visit.ask(*wanted)
    counts = [len(told) for told in answer.workers]
    if counts != [len(names) for names, _ in wanted]:
        raise failed(
            "各问的人数与所问不同",
            "not as many workers for each question as were asked for",
        )
    for told, (_, chosen) in zip(answer.workers, wanted, strict=True):
        unfit = [name for one in told if one for name in not_as_asked(one, chosen)]
        if unfit and not answer.faults:
            text = listed(list(dict.fromkeys(unfit)))
            raise failed(f"答了另一问的字段：{text}", f"fields of another: {text}")
    nothing = await visit.ask()
    if nothing.workers or nothing.faults:
        raise failed("不问却有答复", "something was told where nothing was asked")
    return Bilingual("三问一次，不问一次", "three in one call, and none in another")


async def stranger(visit: Visit) -> Bilingual:
    """Ask for nobody."""
    names = visit.strangers(3)
    _nobody(await visit.ask((names, visit.everything)), len(names))
    return Bilingual(f"{len(names)} 个键", f"keys: {len(names)}")


async def odd_keys(visit: Visit) -> Bilingual:
    """Ask with keys that are more than keys, if somebody takes them so."""
    names = tuple(name for name in ODD_KEYS if name not in visit.sample.known)
    _nobody(await visit.ask((names, visit.everything)), len(names))
    try:
        answer = await visit.ask((_PLACES, visit.everything))
    except ProvinceFault:
        answer = None
    if answer and any(one is not None for one in answer.workers[0]):
        raise failed("像路径的键答了人", "a key like a path is somebody")
    return Bilingual(f"{len(names)} 个键", f"keys: {len(names)}")


def _nobody(answer: Answer, count: int) -> None:
    if answer.faults:
        code = answer.faults[0].code
        raise failed(f"附有故障 {code}", f"there was a fault: {code}")
    (told,) = answer.workers or ((),)
    if len(told) != count:
        raise failed("答复的人数与所问不同", "not as many as were asked for")
    somebody = sum(one is not None for one in told)
    if somebody:
        raise failed(
            f"{count} 个键中 {somebody} 个答了人", f"{somebody} of {count} are somebody"
        )


CHECKS = {
    "read.order": order,
    "read.batch": batch,
    "read.asks": asks,
    "read.stranger": stranger,
    "read.odd-keys": odd_keys,
}
