"""Value: what the graph tells gateways and partners, in Apollo's directives.

A gateway that knows them refuses early what the hub would refuse anyway, weighs
a query before it sends it, and leaves fields out of what it shows by their tag.
They never open anything: the hub judges every request itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from strawberry.federation.schema_directives import (
    Authenticated,
    Cost,
    ListSize,
    RequiresScopes,
    Shareable,
    Tag,
)
from strawberry.types.unset import UNSET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema.records.kinds import FieldClass, Kind

#: The first version of Federation that has ``@cost`` and ``@listSize``.
VERSION: Final = "2.9"

#: The directives that older versions lack, and the version that brought each.
NEEDS: Final = {
    one.imported_from.name: one.minimum_version
    for one in (Authenticated, RequiresScopes, Cost, ListSize)
}

#: Any of these scopes may begin a look-up (``deploy/policies/hub.cedar``,
#: ``begin.*``); what is then seen of the file, the policy alone says.
READING: Final = (
    Authenticated(),
    RequiresScopes(scopes=[["worker:read"], ["audit:read"], ["self:read"]]),
)
REGISTERING: Final = (Authenticated(), RequiresScopes(scopes=[["links:write"]]))
KNOWN: Final = (Authenticated(),)
#: Acts on memberships: the doors check the scope, and which union acts.
MOVING: Final = (Authenticated(), RequiresScopes(scopes=[["transfers:write"]]))
#: Transfers are shown to the unions on both sides, and to inspectors without names.
SEEING: Final = (
    Authenticated(),
    RequiresScopes(scopes=[["transfers:write"], ["worker:read"], ["audit:read"]]),
)
#: Who may read the files of those who came: the scope for files says it.
TAKING_IN: Final = (Authenticated(), RequiresScopes(scopes=[["worker:read"]]))
#: The holder of a credential, or a union's window that serves the holder.
HOLDING: Final = (
    Authenticated(),
    RequiresScopes(scopes=[["transfers:write"], ["self:read"]]),
)

#: Who may see some case: by a role of the own union, for inspection, to run the hub, or
#: because it is the own one. What of a case is seen, the table of roles says.
FOLLOWING: Final = (
    Authenticated(),
    RequiresScopes(
        scopes=[
            *(["case:read"], ["cases:write"], ["audit:read"]),
            *(["hub:operate"], ["self:read"]),
        ]
    ),
)
#: Acts on cases: the doors check the scope, and the table of roles what a union may.
WORKING: Final = (Authenticated(), RequiresScopes(scopes=[["cases:write"]]))
#: Who reports arrears; an informant may do nothing else.
REPORTING: Final = (
    Authenticated(),
    RequiresScopes(scopes=[["arrears:report"], ["cases:write"]]),
)
#: What concerns unions and no persons: the doors check whose union it is.
COUNTING: Final = (
    Authenticated(),
    RequiresScopes(
        scopes=[["case:read"], ["cases:write"], ["transfers:write"], ["audit:read"]]
    ),
)

#: A type that means the same wherever it stands: another hub may serve it too.
SHARED: Final = (Shareable(),)
#: Tells of a person. A gateway for statistics leaves out what has this tag.
PERSONAL: Final = (Tag(name="personal"),)

#: A look-up asks the directory and several provinces: so many plain fields.
LOOK_UP: Final = Cost(weight=10)
#: What is joined from many reports, or many lines: it is looked for, and long.
JOINED: Final = Cost(weight=50)
#: An act is a transaction with journal, job and trail.
ACT: Final = Cost(weight=10)

#: Rows of one kind in a file; few workers have more.
_ROWS: Final = 5
#: ``limits.workers``, as it is unless an operator changes it.
_WORKERS: Final = 100
#: There are 31 provincial codes on the mainland, and the corps of Xinjiang.
_PROVINCES: Final = 32


def sized(length: int) -> ListSize:
    """Say how long to assume a list to be."""
    return ListSize(
        assumed_size=length,
        slicing_arguments=UNSET,
        sized_fields=UNSET,
        require_one_slicing_argument=False,
    )


def paged(items: str = "edges") -> ListSize:
    """Say that a page has as many items as ``first`` asks for."""
    return ListSize(
        assumed_size=UNSET,
        slicing_arguments=["first"],
        sized_fields=[items],
        require_one_slicing_argument=False,
    )


PAGED: Final = paged()
#: Steps of a transfer: opened, out, accepted, in, completed, and a limit between.
STEPS: Final = sized(6)
ROWS: Final = sized(_ROWS)
WORKERS: Final = sized(_WORKERS)
PROVINCES: Final = sized(_PROVINCES)


def tags(line: Kind) -> Mapping[str, tuple[Any, ...]]:
    """Tag the fields whose class differs from that of their kind.

    Args:
        line: The kind.

    Returns:
        The tags by Python name of the field, e.g. ``case-content``.
    """
    return {name: (Tag(name=_tag(of)),) for name, of in line.exceptions.items()}


def _tag(of: FieldClass) -> str:
    return of.value.lower().replace("_", "-")
