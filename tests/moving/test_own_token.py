"""A worker with a token of their own, over HTTP: a real hub process, a real province."""

from __future__ import annotations

import functools
import os
import sys
from datetime import UTC, date, datetime
from uuid import UUID, uuid4  # noqa: TID251  # ids of made-up people

import aiohttp
import msgspec
import psycopg

from deploy.demo.federation import HUB_RANK, start_issuer, url_of
from deploy.demo.issuer import Issuer, Person
from deploy.demo.looking_up import is_ready
from deploy.demo.ports import choose
from deploy.demo.processes import Children
from deploy.demo.settings_files import Standing, environment, write_settings
from hub.clock import SystemClock
from schema.records.duplicate import DuplicateQuestion, Found
from tests.moving.test_own_and_inspected import ANSWER, HISTORY, REPLIES
from tests.provinces.registers import TOKEN, U1, membership, serving, worker, write

AWAY = "81510100MA12345673"
ASKED = datetime(2026, 11, 2, 4, tzinfo=UTC)


def remember(database, who, question):
    """Put what the hub knows of a worker, and a question, into its database."""
    linked = (UUID(who), "44", "w1", ["MEMBERSHIP"], date(2020, 1, 1), "t")
    with psycopg.connect(database) as connection:
        connection.execute(
            "INSERT INTO worker_key (worker_key, worker_id, key_version)"
            " VALUES (%s, %s, 1)",
            (uuid4().bytes * 2, UUID(who)),
        )
        connection.execute(
            "INSERT INTO link (worker_id, province, local_key, kinds, valid_from, source)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            linked,
        )
        connection.execute(
            "INSERT INTO duplicate_question (question_id, worker_id, first_union,"
            " second_union, pair, state, answer_by, body, acting, act)"
            " VALUES (%s, %s, %s, %s, 'p', 'OPEN', %s, %s, 'a', ''::bytea)",
            (
                question.id, UUID(who), U1, AWAY, question.answer_by,
                msgspec.json.encode(question).decode(),
            ),
        )  # fmt: skip


def asked_about(who):
    ours = {"union": U1, "province": "44", "local_id": "w1", "membership_no": "c1"}
    theirs = {**ours, "union": AWAY, "province": "51"}
    return DuplicateQuestion(
        id="q-1", worker=who, first=Found(**ours), second=Found(**theirs), reason="r",
        office=U1, asked_at=ASKED, answer_by=date(2026, 11, 16),
        rule="duplicate-answer-10",
    )  # fmt: skip


async def test_a_worker_answers_and_reads_their_history_by_their_own_token(
    database_url, tmp_path
):
    me, other = str(uuid4()), str(uuid4())
    remember(database_url, me, asked_about(me))
    population = write(tmp_path / "44.sqlite", [worker("w1", membership("m1", "c1"))])
    with (
        serving(population, tmp_path / "acts.sqlite") as province,
        Children(tmp_path) as children,
    ):
        issuer = url_of(start_issuer(children, tmp_path / "keys", ""))
        port = choose(0)
        settings = write_settings(
            tmp_path / "hub", port=port, issuer=issuer,
            provinces=[Standing("44", "广东", "Guangdong", province)],
        )  # fmt: skip
        text = settings.read_text("utf-8")
        settings.write_text(text.replace('"worker:read"', '"self:read", "worker:read"'))
        secrets = environment(database_url, os.urandom(32).hex(), {"44": TOKEN})
        hub = children.start(
            "hub", [sys.executable, "-m", "hub", "serve", "--config", settings],
            env=secrets, rank=HUB_RANK,
        )  # fmt: skip
        hub.wait_until(functools.partial(is_ready, port), 60.0)
        now = SystemClock().now().timestamp()
        keys = Issuer(tmp_path / "keys")

        async def ask(who, document, scope="self:read", **variables):
            person = Person("职工", "worker", who, "portal", "44", (scope,))
            token = keys.token_of(person, url=issuer, now=now)
            async with (
                aiohttp.ClientSession() as session,
                session.post(
                    f"http://127.0.0.1:{port}/graphql",
                    json={"query": document, "variables": variables},
                    headers={"Authorization": f"Bearer {token}"},
                ) as response,
            ):
                return await response.json()

        said = {"id": "q-1", "same": True, "kept": U1, "reason": "我在广东"}
        told = (await ask(me, ANSWER, **said))["data"]["answerDuplicate"]
        foreign = (await ask(other, ANSWER, **said))["data"]["answerDuplicate"]
        seen = (await ask(me, REPLIES))["data"]["duplicates"]["edges"]
        own = {"id": me, "purpose": "OWN_FILE"}
        history = await ask(me, HISTORY, **own)
        theirs = await ask(other, HISTORY, **own)
        tomorrow = await ask(me, HISTORY, **own, asOf="2999-01-01")

    assert (told["state"], told["reply"]["wished"]) == ("OPEN", U1)
    assert foreign["code"] == "UNKNOWN_QUESTION"
    assert [one["node"]["reply"] for one in seen] == [{"wished": U1}]
    (stay,) = history["data"]["worker"]["membershipHistory"]
    assert (stay["union"], stay["home"]) == (U1, True)
    assert not (theirs["data"]["worker"] or {}).get("membershipHistory")
    assert tomorrow["errors"][0]["extensions"]["reason"] == "DAY_TO_COME"
