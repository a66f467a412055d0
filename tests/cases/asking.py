"""Cases of made-up workers, opened and worked on by GraphQL over the whole hub."""

from __future__ import annotations

from itertools import count

from tests.builders.moving import union
from tests.cases import documents as ask
from tests.moving.asking import officer

#: Sichuan is where the worker is at home, Guangdong where the work is done.
HOME, PLACE, OTHER = union("51", "a"), union("44", "county"), union("33", "county")
TOP, HOME_TOP = union("44", "top"), union("51", "top")
STRANGER = union("37", "a")
BOTH = ("cases:write", "case:read")
_KEYS = count()


def clerk(office, *scopes):
    return officer(office, *(scopes or BOTH))


def request(worker, **more):
    given = {
        "by": HOME, "matter": "WAGE_ARREARS", "receivedOn": "2026-03-01",
        "workers": [worker], "home": HOME, "workplace": "440101",
    }  # fmt: skip
    return {name: one for name, one in (given | more).items() if one is not None}


def key():
    return f"k-{next(_KEYS)}"


async def opened(hub, worker, who=None, **more):
    """Open a case as the worker's home union; the union of the place is asked."""
    wish = request(worker, **more)
    found = await hub(ask.OPEN, who or clerk(wish["by"]), input=wish, key=key())
    assert found["__typename"] == "Case", found
    return found


async def act(hub, office, name, no, *, by=None, keyed=None, language="en", **given):
    """Do something about a case, and answer what is said."""
    return await hub(
        ask.act(name, given), clerk(office), no=no, by=by, key=keyed or key(),
        language=language, **given,
    )  # fmt: skip


async def done(hub, office, name, no, **given):
    """Do something that must be possible."""
    found = await act(hub, office, name, no, **given)
    assert found["__typename"] == "Case", found
    return found


async def refused(hub, office, name, no, **given):
    """Do something that must not be, and answer the code."""
    found = await act(hub, office, name, no, **given)
    assert found["__typename"] == "Refusal", found
    return found["code"]


async def running(hub, worker, **more):
    """A case that the union of the place has accepted."""
    case = await opened(hub, worker, **more)
    return await done(hub, PLACE, "acceptCase", case["no"])


async def seen(hub, office, no, *scopes):
    return await hub(ask.ONE, clerk(office, *scopes), no=no)
