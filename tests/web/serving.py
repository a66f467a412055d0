"""A small real graph behind the real server, on a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from datetime import timedelta

from graphql import GraphQLError, build_schema

from hub.access.caller import Caller
from hub.access.claims import InvalidToken, Reason
from hub.audit.trail import TrailUnavailable
from hub.config.server import LimitSettings, ServerSettings
from hub.web.metrics import Figures
from hub.web.ports import WebParts
from hub.web.serve import bind, server_for
from schema.records.refusal import Bilingual, Refusal, Refused

#: Synthetic: division 110101, born 1990-03-07, check digit right.
NUMBER = "110101199003078515"

SDL = """
enum PurposeOfUse { MEMBERSHIP_SERVICE RIGHTS_PROTECTION }
enum Colour { RED GREEN }
input WorkerBy @oneOf { residentId: String workerId: ID }
type Worker { id: ID! name: String friends: [Worker!]! }
type Service { sdl: String }
type Query {
  hello: String!
  who: String!
  echo(text: String!): String
  paint(colour: Colour!): String
  worker(by: WorkerBy!, purpose: PurposeOfUse!): Worker
  workers(by: [WorkerBy!]!, purpose: PurposeOfUse!): [Worker]!
  boom: String
  nonNullBoom: String!
  wrongType: Int
  refused: String
  forbidden: String
  rawError: String
  trail: String
  slow: String
  huge: Float
  _service: Service!
}
type Mutation { touch: Int! }
type Subscription { ticks: Int! }
"""

WRONG_DIGIT = Refusal(
    "WRONG_CHECK_DIGIT",
    "GB-11643-1999",
    Bilingual(f"校验码不对：{NUMBER}", f"The check digit is wrong: {NUMBER}"),
    Bilingual("请重新录入。", "Enter it again."),
)


def _raise(error):
    def resolve(*_args, **_named):
        raise error

    return resolve


async def _slow(*_):
    await asyncio.sleep(30)


async def _later(*_):
    await asyncio.sleep(0)
    return "later"


def _worker(_root, _info, by, **_):
    return {"id": by.get("workerId", "w"), "name": "name", "friends": []}


def schema():
    made = build_schema(SDL)
    resolvers = {
        "hello": lambda *_: "world",
        "who": lambda _root, info: info.context["caller"].subject,
        "echo": lambda _root, _info, text: text,
        "paint": lambda _root, _info, colour: colour,
        "worker": _worker,
        "workers": lambda root, info, by, **more: [
            _worker(root, info, one, **more) for one in by
        ],
        "boom": _raise(RuntimeError(f"secret {NUMBER} of the database")),
        "nonNullBoom": _raise(RuntimeError("secret")),
        "wrongType": lambda *_: "no number",
        "refused": _raise(Refused(WRONG_DIGIT)),
        "forbidden": _raise(
            Refused(
                Refusal(
                    "NO_RELATION", "p1", Bilingual("无", "no"), Bilingual("补", "mend")
                )
            )
        ),
        "rawError": _raise(GraphQLError("raw secret of a resolver")),
        "trail": _raise(TrailUnavailable("disk is full")),
        "slow": _slow,
        "huge": lambda *_: 1.0,
        "_service": lambda *_: {"sdl": SDL},
    }
    for name, resolve in resolvers.items():
        made.query_type.fields[name].resolve = resolve
    made.mutation_type.fields["touch"].resolve = lambda *_: 1
    return made


class OneToken:
    """Believes the token ``good`` and nothing else."""

    def __init__(self, scopes=frozenset()):
        self._scopes = scopes

    async def verify(self, token):
        if token != "good":  # noqa: S105  # it opens nothing
            raise InvalidToken(Reason.SIGNATURE)
        return Caller("officer", "issuer", "4401", "44", self._scopes, 2e9)


async def _well():
    return True


def parts(checks=None, server=None, limits=None, scopes=frozenset(), **more):
    """Parts with the small graph; settings as given; the caller has ``scopes``."""
    return WebParts(
        schema=schema(),
        context_for=lambda caller, request_id, language, purpose: {
            "caller": caller,
            "request": request_id,
            "language": language,
            "purpose": purpose,
        },
        verifier=OneToken(scopes),
        server=ServerSettings(**{"port": 0, "introspection": True, **(server or {})}),
        limits=LimitSettings(**{"execution": timedelta(seconds=0.5), **(limits or {})}),
        figures=Figures(),
        checks={"database": _well} if checks is None else checks,
        **more,
    )


@contextlib.contextmanager
def running(made):
    """Run the server in a thread of its own; yields host and port."""
    listener = bind(made.server)
    listener.listen(128)
    server = server_for(made)
    thread = threading.Thread(
        target=lambda: server.run(sockets=[listener]), name="hub-under-test"
    )
    thread.start()
    try:
        yield listener.getsockname()[:2]
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()
