"""Whatever a province does, it ends in a stable fault code, and in time."""

from __future__ import annotations

import pytest

from connectors.faults import RETRYABLE
from schema.records.kinds import RecordKind
from schema.records.record import UNSET
from schema.records.told import FaultCode
from tests.connectors.conftest import DEADLINE, SHORT, ask, guarded

MISBEHAVIOURS = {
    "/hang": FaultCode.TIMED_OUT,
    "/drip": FaultCode.TIMED_OUT,
    "/half": FaultCode.BROKEN_OFF,
    "/half-gzip": FaultCode.BROKEN_OFF,
    "/close": FaultCode.BROKEN_OFF,
    "/reset": FaultCode.BROKEN_OFF,
    "/types": FaultCode.MALFORMED,
    "/naive-moment": FaultCode.MALFORMED,
    "/no-as-of": FaultCode.MALFORMED,
    "/500": FaultCode.PROVINCE_ERROR,
    "/500-json": FaultCode.PROVINCE_ERROR,
    "/500-empty": FaultCode.PROVINCE_ERROR,
    "/500-unknown": FaultCode.NOT_SUPPORTED,
    "/500-with-data": FaultCode.PROVINCE_ERROR,
    "/400-unknown": FaultCode.NOT_SUPPORTED,
    "/200-unknown": FaultCode.NOT_SUPPORTED,
    "/400-json": FaultCode.MALFORMED,
    "/404": FaultCode.MALFORMED,
    "/graphql-401": FaultCode.UNAUTHORISED,
    "/errors": FaultCode.PROVINCE_ERROR,
    "/null-data": FaultCode.MALFORMED,
    "/html": FaultCode.MALFORMED,
    "/utf8": FaultCode.MALFORMED,
    "/utf8-aside": FaultCode.MALFORMED,
    "/latin1": FaultCode.MALFORMED,
    "/huge": FaultCode.TOO_LARGE,
    "/declared-huge": FaultCode.TOO_LARGE,
    "/bomb": FaultCode.TOO_LARGE,
    "/rows": FaultCode.MALFORMED,
    "/redirect": FaultCode.REDIRECTED,
    "/307": FaultCode.REDIRECTED,
    "/401": FaultCode.UNAUTHORISED,
    "/403": FaultCode.UNAUTHORISED,
    "/429": FaultCode.THROTTLED,
    "/other": FaultCode.MALFORMED,
    "/count": FaultCode.MALFORMED,
    "/none": FaultCode.MALFORMED,
    "/deep": FaultCode.MALFORMED,
    "/deep-aside": FaultCode.MALFORMED,
    "/empty": FaultCode.MALFORMED,
    "/204": FaultCode.MALFORMED,
    "/twice": FaultCode.MALFORMED,
    "/nan": FaultCode.MALFORMED,
    "/huge-number": FaultCode.MALFORMED,
    "/unasked": FaultCode.MALFORMED,
    "/missing": FaultCode.MALFORMED,
    "/same-id": FaultCode.MALFORMED,
    "/br": FaultCode.MALFORMED,
    "/not-gzip": FaultCode.MALFORMED,
    "/not-http": FaultCode.MALFORMED,
    "/headers": FaultCode.MALFORMED,
}


@pytest.mark.parametrize(("path", "code"), MISBEHAVIOURS.items(), ids=MISBEHAVIOURS)
async def test_each_misbehaviour_has_its_code_and_ends_in_time(hostile, path, code):
    deadline = SHORT if code is FaultCode.TIMED_OUT else DEADLINE
    async with guarded(hostile.url(path), deadline=deadline) as guard:
        answer = await ask(guard)
    (fault,) = answer.faults
    assert fault.code is code
    assert fault.province == "44"
    assert fault.kinds == ()
    assert fault.retryable is (code in RETRYABLE)
    assert answer.workers == ()


@pytest.mark.parametrize("path", ["/ok", "/gzip", "/response-json", "/extra"])
async def test_an_answer_that_keeps_the_contract_is_told(hostile, path):
    async with guarded(hostile.url(path)) as guard:
        answer = await ask(guard)
    assert answer.faults == ()
    ((worker,),) = answer.workers
    assert worker.name == "李四"
    assert worker.memberships[0].state == "ACTIVE"


async def test_a_province_is_shown_the_headers_of_the_contract(hostile):
    async with guarded(
        hostile.url("/headers-due"),
        bearer_env="TOKEN",
        environ={"TOKEN": "synthetic-token"},
    ) as guard:
        answer = await ask(guard)
    assert answer.faults == ()


async def test_where_nothing_listens_it_is_unreachable(hostile):
    async with guarded(hostile.url("/ok", "closed")) as guard:
        answer = await ask(guard)
    assert answer.faults[0].code is FaultCode.UNREACHABLE


async def test_where_the_name_does_not_exist_it_is_unreachable():
    async with guarded("https://province.invalid/graphql", deadline="5s") as guard:
        answer = await ask(guard)
    assert answer.faults[0].code is FaultCode.UNREACHABLE


async def test_a_redirect_is_never_followed(hostile):
    before = await hostile.seen("/elsewhere")
    async with guarded(hostile.url("/redirect")) as guard:
        await ask(guard)
    assert await hostile.seen("/elsewhere") == before


async def test_errors_beside_data_cost_only_what_they_name(hostile):
    async with guarded(hostile.url("/beside")) as guard:
        answer = await ask(guard)
    (fault,) = answer.faults
    assert (fault.code, fault.kinds) == (FaultCode.PARTIAL, (RecordKind.MEMBERSHIP,))
    ((worker,),) = answer.workers
    assert worker.name == "李四"
    assert worker.memberships is None


async def test_a_null_that_stands_for_an_error_is_not_told_as_no_value(hostile):
    async with guarded(hostile.url("/field-beside")) as guard:
        answer = await ask(guard)
    assert answer.faults[0].kinds == (RecordKind.MEMBERSHIP,)
    ((worker,),) = answer.workers
    assert worker.memberships[0].state is UNSET


@pytest.mark.parametrize("path", ["/entity-beside", "/pathless-beside"])
async def test_errors_that_name_no_kind_make_every_kind_missing(hostile, path):
    async with guarded(hostile.url(path)) as guard:
        answer = await ask(guard)
    (fault,) = answer.faults
    assert fault.code is FaultCode.PARTIAL
    assert fault.kinds == (RecordKind.MEMBERSHIP, RecordKind.WORKER)


async def test_a_list_that_is_null_without_a_word_is_missing_not_empty(hostile):
    async with guarded(hostile.url("/silent-null")) as guard:
        answer = await ask(guard)
    (fault,) = answer.faults
    assert (fault.code, fault.kinds) == (FaultCode.PARTIAL, (RecordKind.MEMBERSHIP,))


@pytest.mark.parametrize("listener", ["expired", "self-signed", "wrong-name"])
async def test_a_certificate_that_does_not_hold_is_untrusted(hostile, listener):
    url = hostile.url("/ok", listener)
    async with guarded(url, ca_file=hostile.trusted) as guard:
        answer = await ask(guard)
    assert answer.faults[0].code is FaultCode.UNTRUSTED


async def test_plain_http_where_tls_is_expected_is_untrusted(hostile):
    url = hostile.url("/ok").replace("http:", "https:")
    async with guarded(url, ca_file=hostile.trusted) as guard:
        answer = await ask(guard)
    assert answer.faults[0].code is FaultCode.UNTRUSTED


async def test_a_certificate_of_the_trusted_authority_is_trusted(hostile):
    url = hostile.url("/ok", "good")
    async with guarded(url, ca_file=hostile.trusted) as guard:
        answer = await ask(guard)
    assert answer.faults == ()


@pytest.mark.parametrize("listener", ["mutual", "mutual-threads"])
async def test_mutual_tls_lets_the_hub_in_by_its_certificate(hostile, listener):
    certificate, key = hostile.client
    url = hostile.url("/ok", listener)
    async with guarded(
        url,
        ca_file=hostile.trusted,
        client_cert_file=certificate,
        client_key_file=key,
    ) as guard:
        answer = await ask(guard)
    assert answer.faults == ()


@pytest.mark.parametrize("shown", ["none", "foreign"])
@pytest.mark.parametrize(
    ("listener", "code"),
    [
        ("mutual-threads", FaultCode.UNAUTHORISED),
        # asyncio's TLS hangs up without saying why, so nobody can tell.
        ("mutual", FaultCode.BROKEN_OFF),
    ],
    ids=["said", "unsaid"],
)
async def test_mutual_tls_turns_away_who_shows_no_good_certificate(
    hostile, shown, listener, code
):
    certificate, key = hostile.foreign_client if shown == "foreign" else (None, None)
    async with guarded(
        hostile.url("/ok", listener),
        ca_file=hostile.trusted,
        client_cert_file=certificate,
        client_key_file=key,
    ) as guard:
        answer = await ask(guard)
    assert answer.faults[0].code is code


async def test_no_message_of_a_province_reaches_the_log(hostile, caplog):
    caplog.set_level("DEBUG")
    for path in ("/errors", "/types", "/utf8", "/other"):
        async with guarded(hostile.url(path)) as guard:
            await ask(guard)
    assert "request=request-1" in caplog.text
    assert "李四" not in caplog.text
    assert "gd-1" not in caplog.text
    assert "gd-2" not in caplog.text


async def test_a_shorter_deadline_of_the_caller_holds(hostile):
    async with guarded(hostile.url("/hang"), deadline="10s") as guard:
        answer = await ask(guard, seconds=0.1)
    assert answer.faults[0].code is FaultCode.TIMED_OUT
