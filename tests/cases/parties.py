"""For each row of the table of roles: somebody who is that in a case, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from schema.records.case_powers import Party
from tests.cases.asking import HOME, HOME_TOP, OTHER, PLACE, TOP, clerk, done, opened
from tests.moving.asking import officer

#: Unions that took the request in: one elsewhere, which helps and follows; and one of
#: the place, which follows (and the lead stands above it).
TAKER, NEAR = "U42-a", "U44-b"


@dataclass
class Stand:
    """A case, and somebody who stands to it in one way.

    Attributes:
        no: Number of the case.
        who: The caller.
        task: Number of a task of a co-handler.
        sub_case: Number of a sub-case of the same.
    """

    no: str
    who: object
    task: str = ""
    sub_case: str = ""


async def rich(hub, worker, taker=TAKER):
    """A case that U44-county leads, with all there can be in one."""
    case = await opened(hub, worker, by=taker, home=None)
    no = case["no"]
    await done(hub, PLACE, "acceptCase", no)
    case = await done(hub, PLACE, "assignTask", no, kind="VISIT_FAMILY", toUnion=OTHER)
    task = case["tasks"][-1]["no"]
    case = await done(hub, PLACE, "openSubCase", no, kind="LIVING_AID", toUnion=OTHER)
    sub_case = case["subCases"][-1]["no"]
    for about in ({}, {"task": task}):
        paper = {"reference": f"doc/{len(about)}", "sha256": "ab" * 32, **about}
        await done(hub, PLACE, "addDocument", no, document=paper)
    return no, task, sub_case


async def stand(hub, party, worker):
    """Make a case in which somebody is this and nothing else."""
    if party in {Party.ASKED, Party.SUPERIOR}:
        return await _asked(hub, party, worker)
    taker = NEAR if party is Party.FOLLOWER else TAKER
    no, task, sub_case = await rich(hub, worker, taker)
    who = {
        Party.LEAD: clerk(PLACE),
        Party.CO_HANDLER: clerk(OTHER),
        Party.FOLLOWER: clerk(NEAR),
        Party.WORKER: officer(HOME, "self:read", subject=worker),
        # At home, and nobody told the hub so: it has no role.
        Party.HOME_UNION: clerk(HOME),
        Party.INFORMANT: officer(PLACE, "arrears:report"),
        Party.STATISTICS: officer(TOP, "statistics:read"),
        Party.OPERATOR: officer("U11-hub", "hub:operate"),
        Party.INSPECTOR: officer("U11-audit", "audit:read"),
        # Nobody is one by a token; the union's clerk shows them their task.
        Party.OUTSIDE_LAWYER: officer(PLACE, "lawyer"),
    }[party]
    return Stand(no, who, task, sub_case)


async def _asked(hub, party, worker):
    no = (await opened(hub, worker))["no"]
    if party is Party.ASKED:
        return Stand(no, clerk(PLACE))
    await done(hub, PLACE, "declineCase", no, reason="not here")
    return Stand(no, clerk(TOP))


__all__ = ["HOME_TOP", "TAKER", "Stand", "rich", "stand"]
