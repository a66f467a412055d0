"""Decider (pure): a look-up becomes an HTTP request.

Local keys are opaque names and never resident ID numbers; still, the body is where
they stand unless the province's interface wants them in the address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urljoin, urlsplit

import msgspec

from connectors.faults import ProvinceFault
from connectors.transport import Exchange
from schema.records.told import FaultCode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connectors.rest.settings import EndpointSettings

_ENCODER = msgspec.json.Encoder()
#: In an address these are places, not names.
_DOTS = frozenset({"", ".", ".."})


def look_up(
    address: str,
    endpoint: EndpointSettings,
    *,
    parameter: str,
    keys: Sequence[str],
    columns: Sequence[str],
    paging: Mapping[str, str | int],
) -> Exchange:
    """Write the request for rows of these workers.

    Args:
        address: Of the endpoint; with ``{key}`` in it where ``keys_in`` is ``path``.
        endpoint: How it is asked.
        parameter: What the keys are called there.
        keys: Whose rows; one only where ``keys_in`` is ``path``.
        columns: What is wanted of them.
        paging: The parameters of the page.

    Raises:
        ProvinceFault: A key cannot stand in an address.
    """
    wanted = endpoint.fields_parameter
    if endpoint.keys_in == "body":
        told: dict[str, object] = {parameter: list(keys), **paging}
        if wanted:
            told[wanted] = list(columns)
        return Exchange("POST", address, {}, _ENCODER.encode(told))
    query: list[tuple[str, str | int]] = []
    if endpoint.keys_in == "path":
        address = with_key(address, keys[0])
    else:
        query += [(parameter, key) for key in keys]
    if wanted:
        query.append((wanted, ",".join(columns)))
    query += paging.items()
    return Exchange("GET", with_query(address, query), {})


def with_key(address: str, key: str) -> str:
    """Put a key into an address, as one name in it whatever the key is.

    Raises:
        ProvinceFault: It would be read as a place and not as a name.
    """
    if key in _DOTS:
        raise ProvinceFault(FaultCode.MALFORMED, "a key that is no name in an address")
    return address.replace("{key}", quote(key, safe=""))


def with_query(address: str, query: Sequence[tuple[str, str | int]]) -> str:
    """Add a query, percent-encoded in UTF-8."""
    return f"{address}?{urlencode(query, quote_via=quote)}" if query else address


def followed(link: str, asked: str) -> str:
    """Take a link for an address, if it stays where it came from.

    Args:
        link: As the province wrote it, absolute or not.
        asked: The address whose answer it was in.

    Raises:
        ProvinceFault: It leads to another machine, which is never shown our secrets.
    """
    try:
        address = urljoin(asked, link)
        there, here = urlsplit(address), urlsplit(asked)
        elsewhere = (there.scheme, there.netloc) != (here.scheme, here.netloc)
    except ValueError:
        elsewhere, address = True, ""
    if elsewhere or not (address.isascii() and address.isprintable()):
        raise ProvinceFault(FaultCode.REDIRECTED, "a page of another machine")
    return address.partition("#")[0].replace(" ", "%20")
