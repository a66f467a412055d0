"""Value that changes: who follows what in this process, and what waits for them.

It never awaits: an event is in every follower's queue before the next is
looked at, so that all see the same order. What waits for a follower has a bound;
where more comes, its queue is thrown away, and it goes back to reading the table.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.feeds.events import Event, Topic
    from schema.records.refusal import Refused


class Overrun(Exception):  # no error: it says where to go on
    """More came than may wait; what waited is gone from here."""


class Follower:
    """One subscriber's queue."""

    def __init__(self, topic: Topic, most: int) -> None:
        """Make an empty queue.

        Args:
            topic: What is followed.
            most: So many events may wait.
        """
        self.topic = topic
        self._most = most
        self._waiting: deque[Event] = deque()
        self._wake = asyncio.Event()
        self._ended: Exception | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def offer(self, event: Event) -> None:
        """Put an event into the queue, if there is room for it."""
        if self._ended is not None:
            return
        if len(self._waiting) >= self._most:
            self.end(Overrun())
            return
        self._waiting.append(event)
        self._wake.set()

    def end(self, why: Exception) -> None:
        """Give no more; what waits is thrown away."""
        self._ended = why
        self._waiting.clear()
        self._wake.set()

    async def next(self) -> Event:
        """Wait for the next event.

        Raises:
            Overrun: More came than may wait.
            Refused: The follower was cut off.
        """
        while not self._waiting:
            if self._ended is not None:
                raise self._ended
            self._wake.clear()
            await self._wake.wait()
        return self._waiting.popleft()


class Broker:
    """Hands the events that reach this process to their followers."""

    def __init__(self, most: int) -> None:
        """Begin without followers.

        Args:
            most: So many events may wait for one follower.
        """
        self._most = most
        self._followers: dict[str, set[Follower]] = {}
        #: The last event that was handed out; whoever has read the feed up to
        #: here and joins now misses nothing.
        self.head = 0
        #: Set once ``head`` is true; before, nobody may join.
        self.listening = asyncio.Event()

    def __len__(self) -> int:
        return sum(map(len, self._followers.values()))

    def begin(self, head: int) -> None:
        """Hand out what comes after ``head``."""
        self.head = head
        self.listening.set()

    def join(self, topic: Topic) -> Follower:
        """Begin to follow: every event after ``head`` will be offered."""
        follower = Follower(topic, self._most)
        self._followers.setdefault(topic, set()).add(follower)
        return follower

    def leave(self, follower: Follower) -> None:
        """Stop following."""
        self._followers.get(follower.topic, set()).discard(follower)

    def hand_out(self, event: Event) -> None:
        """Offer an event to all who follow its topic, once.

        Events come in the order of their cursors; what was handed out already is
        not handed out again.
        """
        if event.cursor <= self.head:
            return
        self.head = event.cursor
        for follower in self._followers.get(event.topic, ()):
            follower.offer(event)

    def end_all(self, why: Refused) -> None:
        """Cut every follower off: this process has missed events."""
        for followers in self._followers.values():
            for follower in followers:
                follower.end(why)
