"""Adapter: officers of all provinces, as many as it takes: the load of the transfers.

Members with a credential are requested by the new union. Others are offered by the old
one, and the new one accepts what it finds in its list, which it reads again and again.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Self

import aiohttp

from tests.chaos import documents
from tests.chaos.people import PROVINCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tests.chaos.people import Move

_PATIENCE_S: Final = 60.0
#: How often a province's officers look what waits for them, in seconds.
_LOOK_S: Final = 0.3
#: The states are asked for so often, in seconds.
_TICK_S: Final = 0.05
#: What may go wrong under load: it is counted, and the measurement goes on.
_MAY_BE: Final = {"UNAVAILABLE", "TIMED_OUT", "OVERLOADED", "STORE_UNAVAILABLE"}
_ACCEPT: Final = """mutation Accept($id: ID!, $key: String!) {
  acceptTransfer(id: $id, idempotencyKey: $key) {
    __typename ... on Refusal { code message } } }"""
_LIST: Final = """query Waiting($office: String!) {
  transfers(filter: {office: $office, side: IN, states: [IN_TRANSIT]}, first: 100) {
    edges { node { id basis } } } }"""
_BULK: Final = """mutation Bulk($batch: String!, $key: String!) {
  bulkTransfer(batch: $batch, idempotencyKey: $key) {
    __typename ... on TransferBatch { id rows } ... on Refusal { code message } } }"""
_BATCH: Final = """query Batch($batch: ID!) {
  transferBatch(id: $batch) { __typename ... on TransferBatch { refused alreadyOpen } } }"""

Credential = tuple[str, str]


class Officers:
    """All officers; one session with the hub.

    Attributes:
        refused: Acts that were refused or went wrong, counted by what was said.
        opened: How many transfers were opened.
    """

    def __init__(self, port: int, tokens: Mapping[str, str]) -> None:
        """Know the way to the hub.

        Args:
            port: Where it listens.
            tokens: Of an officer of each province, by its code.
        """
        self.refused: Counter[str] = Counter()
        self.opened = 0
        self._answered = 0
        self._root = f"http://127.0.0.1:{port}"
        self._headers = {
            code: {"Authorization": f"Bearer {token}"} for code, token in tokens.items()
        }
        self._run = f"{time.time_ns():x}"
        self._accepted: set[str] = set()

    async def __aenter__(self) -> Self:
        """Open the session."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=_PATIENCE_S),
            connector=aiohttp.TCPConnector(limit=256),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self._session.close()

    async def issue(
        self, moves: Iterable[Move], at_once: int, tell: Callable[[int], None]
    ) -> dict[str, Credential]:
        """Have credentials issued, by number of the membership."""
        issued: dict[str, Credential] = {}
        waiting = iter(moves)

        async def officer() -> None:
            for move in waiting:
                name, text, given = documents.issue(move)
                found = await self._act(
                    move.from_province, name, text, given, f"i{move.membership_no}"
                )
                if found is not None:
                    issued[move.membership_no] = (found["compact"], found["code"])
                    tell(len(issued))

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(officer())
        return issued

    async def move(
        self,
        moves: Iterable[tuple[Move, Credential | None]],
        *,
        seconds: float,
        rate: float | None,
        most_open: int,
        still_open: Callable[[], int],
    ) -> None:
        """Move members for a while; then wait until all transfers have ended.

        Args:
            moves: Whom, with the credential of who is requested and not offered.
            seconds: For how long transfers are opened.
            rate: So many are opened a second, at even distances whatever the hub does;
                without it as many as it takes.
            most_open: Without a rate: so many are open at once.
            still_open: Tells how many transfers are open.
        """
        looking = [asyncio.create_task(self._look(code)) for code in PROVINCES]
        try:
            await self._open_all(moves, seconds, rate, most_open, still_open)
            while await asyncio.to_thread(still_open):
                if any(task.done() for task in looking):
                    break  # it failed; it is raised below
                await asyncio.sleep(_TICK_S)
        finally:
            for task in looking:
                task.cancel()
            done, _ = await asyncio.wait(looking)
        for task in done:
            if not task.cancelled():
                task.result()

    async def _open_all(
        self,
        moves: Iterable[tuple[Move, Credential | None]],
        seconds: float,
        rate: float | None,
        most_open: int,
        still_open: Callable[[], int],
    ) -> None:
        begun = time.monotonic()
        waiting, number, answered = iter(moves), 0, self._answered
        async with asyncio.TaskGroup() as group:
            while (now := time.monotonic() - begun) < seconds:
                if rate is None:
                    unanswered = number - (self._answered - answered)
                    open_now = await asyncio.to_thread(still_open)
                    due = max(0, most_open - open_now - unanswered)
                else:
                    due = int(now * rate) + 1 - number
                for move, credential in islice(waiting, due):
                    number += 1
                    group.create_task(self._open(move, credential))
                await asyncio.sleep(_TICK_S if rate is None else 1 / (4 * rate))

    async def upload(self, province: str, compact: str) -> str:
        """Send a batch ahead and submit it; tell its id."""
        headers = {**self._headers[province], "Content-Type": "application/jose"}
        async with self._session.post(
            f"{self._root}/transfers/batches", data=compact, headers=headers
        ) as answer:
            told = await answer.json()
        found = await self._act(
            province, "bulkTransfer", _BULK, {"batch": told["upload"]}, "bulk"
        )
        return "" if found is None else str(found["id"])

    async def settle(self, province: str, batch: str) -> None:
        """Count the members of a batch who were not moved by it."""
        found = await self._ask(province, "transferBatch", _BATCH, {"batch": batch})
        for what in ("refused", "alreadyOpen"):
            if found and found[what]:
                self.refused[f"bulkTransfer: {what}"] += found[what]

    async def _open(self, move: Move, credential: Credential | None) -> None:
        if credential is None:
            province, said = move.from_province, documents.offer(move)
        else:
            province, said = move.to_province, documents.request(move, *credential)
        found = await self._act(province, *said, f"o{move.membership_no}")
        self._answered += 1
        self.opened += found is not None

    async def _look(self, province: str) -> None:
        """Accept what waits for a province's unions, as it comes."""
        given = {"office": f"{province}0000-01"}
        async with asyncio.TaskGroup() as group:
            while True:
                found = await self._ask(province, "transfers", _LIST, given)
                edges: Sequence[Any] = found["edges"] if found else ()
                for id_ in (edge["node"]["id"] for edge in edges):
                    if id_ not in self._accepted:
                        self._accepted.add(id_)
                        group.create_task(
                            self._act(
                                province, "acceptTransfer", _ACCEPT, {"id": id_}, id_
                            )
                        )
                await asyncio.sleep(_LOOK_S)

    async def _act(
        self, province: str, name: str, text: str, given: dict[str, Any], key: str
    ) -> dict[str, Any] | None:
        variables = {**given, "key": f"{self._run}-{key}"}
        found = await self._ask(province, name, text, variables)
        if found is None or found["__typename"] != "Refusal":
            return found
        self.refused[f"{name}: {found['code']}"] += 1
        return None

    async def _ask(
        self, province: str, name: str, text: str, given: dict[str, Any]
    ) -> dict[str, Any] | None:
        body = {"query": text, "variables": given}
        try:
            async with self._session.post(
                f"{self._root}/graphql", json=body, headers=self._headers[province]
            ) as answer:
                told = await answer.json()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.refused[f"{name}: {type(error).__name__}"] += 1
            return None
        for error in told.get("errors", ()):
            code = error.get("extensions", {}).get("code", "")
            if not told.get("data") and code not in _MAY_BE:
                raise RuntimeError(f"{name}: {error}")
            self.refused[f"{name}: {code}"] += 1
            return None
        found: dict[str, Any] | None = told["data"][name]
        return found
