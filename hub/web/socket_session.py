"""Itinerary: one WebSocket, from its first message to its close.

One loop reads. Each operation runs in a task of its own, so that a slow one holds
nobody up, but all send one after the other and wait until the caller takes it: what
waits for a caller is in the feed's queue, which has a bound, and not here.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import orjson

from hub.access.claims import InvalidToken
from hub.clock import new_request_id
from hub.web import stream_sentences
from hub.web.errors import Code
from hub.web.logs import fields
from hub.web.negotiate import language
from hub.web.operation import Asker
from hub.web.respond import bad
from hub.web.socket_messages import (
    Close,
    Closing,
    Complete,
    Init,
    Ping,
    Pong,
    Subscribe,
    expired,
    read,
    sent_away,
    too_slow,
)
from hub.web.socket_operation import error_message, operate
from hub.web.socket_pings import Pings

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Send

    from hub.access.caller import Caller
    from hub.web.operations import Operations
    from hub.web.ports import WebParts
    from hub.web.socket_messages import Message
    from hub.web.socket_turns import Turns

_log = logging.getLogger("hub.socket")

#: What ``connection_init`` may say besides the upgrade's headers.
HEADERS = (
    "authorization", "accept-language", "purpose-of-use", "traceparent", "tracestate",
)  # fmt: skip

#: No timer is set for longer, in seconds.
_LONGEST_S = 86_400.0


class Session:
    """One WebSocket whose subprotocol is agreed."""

    def __init__(
        self,
        parts: WebParts,
        operations: Operations,
        receive: Receive,
        send: Send,
        headers: dict[str, str],
        *,
        admit: Callable[[Caller], None],
        turns: Turns,
        strangers: Turns,
    ) -> None:
        """Begin; nothing was said yet.

        Args:
            parts: What the web needs.
            operations: What runs operations.
            receive: Gives the messages of the caller.
            send: Takes ours.
            headers: Those of the upgrade that count: ``HEADERS``. What
                ``connection_init`` says too counts more: browsers cannot set headers.
            admit: Gives a caller who is known a place; raises ``Closing`` if there
                is none.
            turns: In which the messages of all sockets are taken.
            strangers: Those of sockets of whom it is not known who they are.
        """
        self._parts = parts
        self._settings = parts.streams
        self._operations = operations
        self._receive = receive
        self._send = send
        self._said = headers
        self._admit = admit
        self._turns, self._strangers = turns, strangers
        #: Of a message: ``connection_init`` says no more than headers would.
        self._longest = parts.limits.head_bytes
        self._caller: Caller | None = None
        self._initialised = False
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stopping: set[asyncio.Task[None]] = set()
        self._sending = asyncio.Lock()
        self._ending: Closing | None = None
        self._alarm: asyncio.Timeout | None = None
        self._now = asyncio.get_running_loop().time
        self._opened = self._heard = self._now()
        self._pings = Pings(self._opened)
        self._pinged: float | None = None
        #: How many operations there were, for the log.
        self.served = 0

    async def run(self) -> Closing | None:
        """Serve until the caller leaves or the socket has to be closed.

        Returns:
            How to close it; ``None`` if the caller has left.
        """
        try:
            while (text := await self._hear()) is not None:
                await self._turn()
                await self._take(read(text[0], self._longest))
                # Many messages may have come at once: others have their turn, too.
                await asyncio.sleep(0)
        except Closing as closing:
            # Its traceback holds this session, which holds it: nothing would be freed
            # until the collector runs, and it would have thousands to free at once.
            closing.__context__ = closing.__cause__ = None
            return closing.with_traceback(None)
        except OSError:  # the caller left while something was sent
            return None
        finally:
            await self._cancel_all()
        return None

    async def _turn(self) -> None:
        """Wait for one's turn to be read: strangers have a line of their own."""
        await (self._turns if self._caller else self._strangers).mine()
        await self._parts.pace.breathe()

    async def _hear(self) -> tuple[str | None] | None:
        """Wait for a message, and see to what is due meanwhile."""
        while True:
            if self._now() >= (due := self._due()):
                await self._look_at_the_clock()
                due = self._due()
            try:
                async with asyncio.timeout_at(due) as self._alarm:
                    message = await self._receive()
            except TimeoutError:
                continue
            finally:
                self._alarm = None
            if message["type"] == "websocket.disconnect":
                return None
            self._heard, self._pinged = self._now(), None
            return (message.get("text"),)

    def _due(self) -> float:
        """Tell when something has to be looked at if nothing comes."""
        if self._ending is not None:
            return self._now()
        if self._caller is None:
            return self._opened + self._settings.init_timeout.total_seconds()
        if self._pinged is None:
            ping = self._heard + self._settings.ping_every.total_seconds()
        else:
            ping = self._pinged + self._settings.pong_within.total_seconds()
        return min(ping, self._now() + self._remaining(self._caller))

    async def _look_at_the_clock(self) -> None:
        if self._ending is not None:
            raise self._ending
        if self._caller is None:
            raise Closing(Close.INIT_TIMEOUT, "Connection initialisation timeout")
        if self._remaining(self._caller) <= 0:
            raise expired()
        now = self._now()
        if self._pinged is not None:
            if now >= self._pinged + self._settings.pong_within.total_seconds():
                raise Closing(Close.GOING_AWAY, "no answer to a ping")
        elif now >= self._heard + self._settings.ping_every.total_seconds():
            await self.say({"type": "ping"})
            self._pinged = now

    def _remaining(self, caller: Caller) -> float:
        left = caller.expires_at - self._parts.clock.now().timestamp()
        return min(left, _LONGEST_S)

    def forget(self, name: str) -> None:
        """Free the id of an operation that is about to say its last word."""
        self._running.pop(name, None)

    def send_away(self) -> None:
        """Close the socket, as others wait to be let in, too."""
        self.end(sent_away())

    def end(self, closing: Closing) -> None:
        """Close the socket, from within an operation."""
        self._ending = self._ending or closing
        if self._alarm is not None and not self._alarm.expired():
            self._alarm.reschedule(self._now())

    async def _take(self, message: Message) -> None:
        if self._ending is not None:
            raise self._ending
        match message:
            case Init():
                await self._initialise(message)
            case Ping(payload):
                self._pings.count(self._now())
                said = {} if payload is None else {"payload": payload}
                await self.say({"type": "pong", **said})
            case Subscribe():
                await self._subscribe(message)
            case Complete():
                self._stop(message.id)
            case Pong():
                self._pings.count(self._now())

    async def _initialise(self, message: Init) -> None:
        if self._initialised:
            raise Closing(Close.TOO_MANY_INITS, "Too many initialisation requests")
        self._initialised = True
        said = {
            name.lower(): value
            for name, value in message.payload.items()
            if isinstance(value, str)
        }
        if "traceparent" in said:
            self._said.pop("tracestate", None)  # it belongs to the upgrade's own
        self._said |= {name: said[name] for name in HEADERS if name in said}
        scheme, _, token = self._said.pop("authorization", "").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise Closing(Close.FORBIDDEN, "Forbidden: no access token")
            caller = await self._parts.verifier.verify(token.strip())
        except InvalidToken as error:
            _log.info("token refused", extra=fields(reason=str(error)))
            raise Closing(Close.FORBIDDEN, "Forbidden: no valid access token") from None
        if self._ending is not None:  # sent away meanwhile
            raise self._ending
        self._admit(caller)
        await self.say({"type": "connection_ack"})
        self._caller, self._longest = caller, self._settings.frame_bytes

    async def _subscribe(self, message: Subscribe) -> None:
        if self._caller is None:
            raise Closing(Close.UNAUTHORIZED, "Unauthorized")
        if message.id in self._running:
            reason = "Subscriber for this id already exists"
            raise Closing(Close.DUPLICATE_ID, reason)
        asker = Asker(
            self._caller,
            new_request_id(),
            language(self._said.get("accept-language")),
            self._said.get("purpose-of-use"),
        )
        traced = self._said.get("traceparent", ""), self._said.get("tracestate", "")
        most = self._settings.operations
        if len(self._running) >= most:
            wrong = bad(Code.BUSY, stream_sentences.TOO_MANY_OPERATIONS, limit=most)
            await self.say(error_message(message.id, wrong, asker))
            return
        self.served += 1
        self._running[message.id] = asyncio.create_task(
            operate(self, self._parts, self._operations, message, asker, traced=traced)
        )

    def _stop(self, name: str) -> None:
        """Cancel an operation; its id is free at once."""
        task = self._running.pop(name, None)
        if task is not None:
            task.cancel()
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)

    async def _cancel_all(self) -> None:
        for name in list(self._running):
            self._stop(name)
        if self._stopping:
            await asyncio.wait(list(self._stopping))

    async def say(self, message: dict[str, Any]) -> None:
        """Send one message, when those before it were taken.

        Raises:
            Closing: The caller takes nothing.
        """
        text = orjson.dumps(message).decode()
        within = self._settings.send_within.total_seconds()
        try:
            async with asyncio.timeout(within), self._sending:
                await self._send({"type": "websocket.send", "text": text})
        except TimeoutError:
            raise too_slow() from None
