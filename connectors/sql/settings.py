"""Value: what an operator says of a province's database (``[sql]``)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from connectors.settings_checks import Table, Wait, variable

#: A name in the database, or two with a dot between: it is always quoted besides.
_Name = Annotated[str, Field(pattern=r"^\w{1,63}(\.\w{1,63})?$")]


class SqlSettings(Table):
    """Where a province's database is, and the tables that were agreed on.

    Attributes:
        url_env: Name of the environment variable with its address, as SQLAlchemy
            writes it: ``postgresql+psycopg://reader:secret@host/db``.
        connections: How many connections there may be for reading.
        inbox: Table for commands to the register of members; without it the
            province takes none.
        changes: Table or view of what happens in case files; without it the
            province does not tell.
        receipt_wait: How long one call waits for the receipts of its commands. What
            is not answered by then is pending, and asked again.
    """

    url_env: Annotated[str, AfterValidator(variable)]
    connections: Annotated[int, Field(ge=1, le=64)] = 8
    inbox: _Name | None = None
    changes: _Name | None = None
    receipt_wait: Wait = timedelta(seconds=2)
