"""graphql-transport-ws, message by message, on a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import InvalidStatus

from tests.web.sockets import QUICK, Source, running, streaming, wire

INVALID = 4400


@pytest.fixture(scope="module")
def served():
    with running(streaming(streams={"frame_bytes": 20_000})) as address:
        yield address


@pytest.fixture
async def opened(served):
    async with wire(served) as socket:
        yield socket


@pytest.fixture
async def ready(opened):
    return await opened.init()


@pytest.fixture
def quick():
    source = Source()
    with running(streaming(source, QUICK)) as address:
        yield address, source


def code_of(message):
    return message["payload"][0]["extensions"]["code"]


async def test_queries_mutations_and_subscriptions_are_answered(ready):
    await ready.subscribe("{ hello }", "q")
    assert await ready.hear() == {
        "id": "q",
        "type": "next",
        "payload": {"data": {"hello": "world"}},
    }
    assert await ready.hear() == {"id": "q", "type": "complete"}

    await ready.subscribe("mutation { touch }", "m")
    assert (await ready.hear())["payload"] == {"data": {"touch": 1}}
    assert await ready.hear() == {"id": "m", "type": "complete"}

    await ready.subscribe(name="s")
    ticks = [(await ready.hear())["payload"]["data"]["ticks"] for _ in range(3)]
    assert ticks == [1, 2, 3]


async def test_a_source_that_ends_completes_the_operation():
    with running(streaming(kind="three")) as address:
        async with wire(address) as socket:
            await (await socket.init()).subscribe()
            heard = [await socket.hear() for _ in range(4)]

    assert [one["type"] for one in heard] == ["next", "next", "next", "complete"]


async def test_operations_run_beside_one_another(ready):
    await ready.subscribe("{ slow }", "slow")
    await ready.subscribe("{ hello }", "quick")

    assert (await ready.hear())["id"] == "quick"


async def test_variables_and_operation_names_reach_the_graph(ready):
    query = "query A { hello } query B($t: String!) { echo(text: $t) }"
    await ready.subscribe(query, operationName="B", variables={"t": "汉"})

    assert (await ready.hear())["payload"] == {"data": {"echo": "汉"}}


async def test_an_id_is_free_as_soon_as_its_operation_has_ended(ready):
    for _ in range(3):
        await ready.subscribe("{ hello }", "same")
        assert (await ready.hear())["type"] == "next"
        assert (await ready.hear())["type"] == "complete"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("", "BAD_REQUEST"),
        ("{ a: hello b: hello }" * 2, "GRAPHQL_VALIDATION_FAILED"),
        ("{" + " ".join(f"a{n}: hello" for n in range(101)) + "}", "COST_EXCEEDED"),
        ("query($t: String!) { echo(text: $t) }", "BAD_USER_INPUT"),
        ("subscription { ticks again: ticks }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_bad_operation_ends_itself_and_not_the_socket(ready, query, code):
    await ready.subscribe(query, "bad")
    answer = await ready.hear()

    assert (answer["id"], answer["type"], code_of(answer)) == ("bad", "error", code)
    error = answer["payload"][0]["extensions"]
    assert error["requestId"]
    assert error["zh"]
    assert error["remedy"]["en"]
    await ready.subscribe("{ hello }", "good")
    assert (await ready.hear())["payload"] == {"data": {"hello": "world"}}


async def test_an_error_of_a_resolver_comes_with_the_data_and_masked(ready):
    await ready.subscribe("{ hello boom }")
    payload = (await ready.hear())["payload"]

    assert payload["data"] == {"hello": "world", "boom": None}
    assert payload["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in json.dumps(payload)


async def test_a_source_that_breaks_is_a_masked_error():
    with running(streaming(kind="broken")) as address:
        async with wire(address) as socket:
            await (await socket.init()).subscribe()
            assert (await socket.hear())["type"] == "next"
            answer = await socket.hear()

    assert (answer["type"], code_of(answer)) == ("error", "INTERNAL")
    assert "secret" not in json.dumps(answer)


async def test_introspection_is_closed_as_by_http():
    with running(streaming(server={"introspection": False})) as address:
        async with wire(address) as socket:
            await (await socket.init()).subscribe("{ __schema { types { name } } }")
            answer = await socket.hear()

    assert code_of(answer) == "INTROSPECTION_OFF"


async def test_messages_speak_the_callers_language(served):
    async with wire(served) as socket:
        await socket.init(**{"Accept-Language": "zh-CN"})
        await socket.subscribe("{ nothing }")
        message = (await socket.hear())["payload"][0]

    assert message["message"] == message["extensions"]["zh"]


async def test_a_caller_completes_and_hears_no_more():
    source = Source()
    with running(streaming(source, kind="flood")) as address:
        async with wire(address) as socket:
            await (await socket.init()).subscribe(name="f")
            await socket.hear()
            await socket.say(id="f", type="complete")
            await socket.say(type="ping", payload={"after": 1})
            while (message := await socket.hear())["type"] == "next":
                pass
            assert message == {"type": "pong", "payload": {"after": 1}}
            await asyncio.sleep(0.05)
            assert (source.open, source.closed) == (0, 1)


async def test_completing_what_is_not_there_is_no_mistake(ready):
    await ready.say(id="never", type="complete")
    await ready.subscribe("{ hello }")

    assert (await ready.hear())["type"] == "next"


async def test_a_caller_that_leaves_ends_its_operations():
    source = Source()
    with running(streaming(source)) as address:
        async with wire(address) as socket:
            await socket.init()
            for name in "abc":
                await socket.subscribe(name=name)
            for _ in range(9):
                await socket.hear()
            assert source.open == 3
        await asyncio.sleep(0.1)
        assert (source.open, source.closed) == (0, 3)


async def test_pings_are_answered_also_before_the_beginning(opened):
    await opened.say(type="ping")
    assert await opened.hear() == {"type": "pong"}
    await opened.say(type="ping", payload={"a": [1]})
    assert await opened.hear() == {"type": "pong", "payload": {"a": [1]}}
    await opened.say(type="pong")
    await opened.say(type="pong", payload={"unasked": True})
    await opened.init()


async def test_another_subprotocol_is_4406(served):
    for subprotocols in ((), ("graphql-ws",)):
        async with wire(served, subprotocols=subprotocols) as socket:
            assert await socket.closed() == (4406, "Subprotocol not acceptable")


async def test_no_initialisation_is_4408(quick):
    async with wire(quick[0]) as socket:
        assert (await socket.closed())[0] == 4408


async def test_pings_do_not_put_the_initialisation_off(quick):
    async with wire(quick[0]) as socket:

        async def chatter():
            while True:
                await socket.say(type="ping")
                await asyncio.sleep(0.01)

        chattering = asyncio.create_task(chatter())
        assert (await socket.closed())[0] == 4408
        chattering.cancel()


async def test_two_initialisations_are_4429(ready):
    await ready.say(type="connection_init")

    assert await ready.closed() == (4429, "Too many initialisation requests")


@pytest.mark.parametrize("query", ["{ hello }", "subscription { ticks }", "{"])
async def test_asking_before_the_acknowledgement_is_4401(opened, query):
    await opened.subscribe(query)

    assert await opened.closed() == (4401, "Unauthorized")


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "good"},
        {"Authorization": "Basic good"},
        {"Authorization": ["Bearer good"]},
        {"Authorization": "Bearer 汉"},
        {"authorization": "Bearer "},
    ],
)
async def test_no_good_token_is_4403(opened, payload):
    await opened.say(type="connection_init", payload=payload)
    code, reason = await opened.closed()

    assert code == 4403
    assert reason.startswith("Forbidden")
    assert "good" not in reason.replace("valid", "")


@pytest.mark.parametrize("name", ["Authorization", "authorization"])
async def test_a_token_may_come_in_the_payload(opened, name):
    await opened.say(type="connection_init", payload={name: "Bearer good"})

    assert await opened.hear() == {"type": "connection_ack"}


async def test_a_token_may_come_with_the_upgrade(served):
    headers = {"Authorization": "Bearer good"}
    async with wire(served, additional_headers=headers) as socket:
        await socket.init(token=None)


async def test_a_bad_token_with_the_upgrade_is_4403(served):
    headers = {"Authorization": "Bearer wrong"}
    async with wire(served, additional_headers=headers) as socket:
        await socket.say(type="connection_init")
        assert (await socket.closed())[0] == 4403


async def test_a_token_that_expires_ends_the_socket_and_its_streams():
    source = Source()
    with running(streaming(source)) as address:
        async with wire(address) as socket:
            await (await socket.init("brief")).subscribe()
            heard, how = await socket.hear_until_closed()
        assert how == (4403, "Forbidden: the token has expired")
        assert [one["type"] for one in heard] == ["next"] * 3
        await asyncio.sleep(0.05)
        assert source.open == 0


async def test_an_expired_token_asks_for_nothing_more():
    with running(streaming(kind="flood")) as address:
        async with wire(address) as socket:
            await (await socket.init("brief")).subscribe()
            _, how = await socket.hear_until_closed()

    assert how == (4403, "Forbidden: the token has expired")


async def test_the_same_id_twice_is_4409(ready):
    await ready.subscribe(name="twice")
    await ready.subscribe(name="twice")
    _, how = await ready.hear_until_closed()

    assert how == (4409, "Subscriber for this id already exists")


SUBSCRIBE = {"id": "1", "type": "subscribe", "payload": {"query": "{ hello }"}}


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "nonsense",
        "null",
        "true",
        "1",
        '"connection_init"',
        "[]",
        "{}",
        '{"type": null}',
        '{"type": 1}',
        '{"type": ["ping"]}',
        '{"type": "nothing"}',
        '{"type": "next", "id": "1", "payload": {}}',
        '{"type": "connection_ack"}',
        '{"type": "ping", "payload": 1}',
        '{"type": "ping", "payload": []}',
        '{"type": "pong", "payload": "x"}',
        '{"type": "ping", "payload": %s}' % ('{"a":' * 400 + "1" + "}" * 400),
        '{"type": "connection_init", "payload": "x"}',
        '{"type": "complete"}',
        '{"type": "complete", "id": ""}',
        '{"type": "complete", "id": 1}',
        *(
            json.dumps({**SUBSCRIBE, **change})
            for change in (
                {"id": None},
                {"id": 1},
                {"id": ""},
                {"id": "x" * 257},
                {"payload": None},
                {"payload": []},
                {"payload": "{ hello }"},
                {"payload": {}},
                {"payload": {"query": None}},
                {"payload": {"query": 1}},
                {"payload": {"query": {}}},
                {"payload": {"query": "{ hello }", "variables": []}},
                {"payload": {"query": "{ hello }", "variables": "x"}},
                {"payload": {"query": "{ hello }", "operationName": 1}},
                {"payload": {"query": "{ hello }", "extensions": []}},
            )
        ),
        '{"type": "subscribe", "id": "1"}',
        '{"type": "ping", "payload": {"n": 1e}}',
        '{"type": "ping", "x": "\\ud800"}',
    ],
)
@pytest.mark.parametrize("initialised", [True, False])
async def test_what_is_no_message_is_4400(served, message, initialised):
    async with wire(served) as socket:
        if initialised:
            await socket.init()
        await socket.raw(message)
        code, reason = await socket.closed()

    assert code == INVALID
    assert reason.startswith("Invalid message: ")


async def test_binary_frames_are_4400(ready):
    await ready.raw(b'{"type": "ping"}')

    assert (await ready.closed())[0] == INVALID


async def test_what_a_caller_sent_is_not_repeated_in_the_reason(opened):
    await opened.raw('{"type": "110101199003078515"}')

    assert "110101" not in (await opened.closed())[1]


async def test_a_deep_request_ends_the_operation_only(ready):
    deep = {}
    for _ in range(300):
        deep = {"a": deep}
    await ready.subscribe("{ hello }", variables=deep)

    assert code_of(await ready.hear()) == "BAD_REQUEST"


async def test_a_message_that_is_too_large_is_1009(ready):
    await ready.subscribe("{ hello }" + " " * 20_000)

    assert (await ready.closed())[0] == 1009


async def test_a_message_in_too_many_frames_is_1009(ready):
    # One more than a message may have: what lies unread when the server closes
    # would make the connection break off before its last word is heard.
    await ready.raw(iter([""] * 256))

    assert (await ready.closed())[0] == 1009


async def test_a_message_in_some_frames_is_read(opened):
    await opened.raw(iter(['{"type"', ': "pi', 'ng"}']))

    assert await opened.hear() == {"type": "pong"}


async def test_more_operations_than_allowed_are_refused_one_by_one():
    with running(streaming(streams={"operations": 5})) as address:
        async with wire(address) as socket:
            await socket.init()
            for number in range(6):
                await socket.subscribe(name=str(number))
            heard = [await socket.hear() for _ in range(16)]
            refused = [one for one in heard if one["type"] == "error"]
            assert [(one["id"], code_of(one)) for one in refused] == [("5", "BUSY")]
            await socket.say(id="0", type="complete")
            await socket.subscribe("{ hello }", "5")
            assert (await socket.hear())["payload"] == {"data": {"hello": "world"}}


async def test_more_sockets_than_allowed_are_503():
    with running(streaming(streams={"sockets": 1})) as address:
        async with wire(address) as first:
            await first.init()
            with pytest.raises(InvalidStatus) as refused:
                async with wire(address):
                    pass
            answer = refused.value.response
            assert answer.status_code == 503
            code = json.loads(answer.body)["errors"][0]["extensions"]["code"]
            assert code == "BUSY"
        await asyncio.sleep(0.05)
        async with wire(address) as second:
            await second.init()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "garbage"]
)
async def test_a_page_of_a_foreign_origin_is_403(served, origin):
    with pytest.raises(InvalidStatus) as refused:
        async with wire(served, origin=origin):
            pass
    answer = refused.value.response

    assert answer.status_code == 403
    error = json.loads(answer.body)["errors"][0]
    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_a_page_of_the_hub_or_a_listed_origin_may_open_a_socket():
    desk = "https://desk.example.cn"
    with running(streaming(streams={"origins": [desk]})) as address:
        for origin in ("http://{}:{}".format(*address), desk, None):
            async with wire(address, origin=origin) as socket:
                await socket.init()


async def test_elsewhere_there_is_no_socket(served):
    with pytest.raises(InvalidStatus) as refused:
        async with wire(served, path="/elsewhere"):
            pass

    assert refused.value.response.status_code == 404


async def test_the_hub_pings_and_closes_on_whoever_does_not_answer(quick):
    async with wire(quick[0]) as socket:
        await socket.init()
        assert await socket.hear() == {"type": "ping"}
        await socket.say(type="pong")
        assert await socket.hear() == {"type": "ping"}
        _, how = await socket.hear_until_closed()

    assert how[0] == 1001


async def test_a_hub_that_stops_says_1001():
    source = Source()
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(running(streaming(source)))
        async with wire(address) as socket:
            await (await socket.init()).subscribe()
            await socket.hear()
            closing = asyncio.create_task(socket.hear_until_closed())
            await asyncio.to_thread(stack.close)
            _, how = await closing

    assert how == (1001, "the hub stops")
    assert source.open == 0


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
MESSAGES = st.one_of(
    st.text(),
    st.binary(max_size=200),
    JSON_VALUES.map(json.dumps),
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["connection_init", "ping", "pong", "subscribe", "complete", "next"]
            )
        },
        optional={
            "id": st.sampled_from(["1", "2"]) | JSON_VALUES,
            "payload": JSON_VALUES,
        },
    ).map(json.dumps),
    st.builds(
        lambda query: json.dumps(
            {"id": "1", "type": "subscribe", "payload": {"query": query}}
        ),
        st.sampled_from(["{ hello }", "subscription { ticks }", "{", "汉"]),
    ),
)


@pytest.fixture(scope="module")
def fuzzed():
    made = streaming()
    with running(made) as address:
        yield address, made


@settings(max_examples=60)
@given(messages=st.lists(MESSAGES, min_size=1, max_size=6), initialised=st.booleans())
def test_whatever_comes_the_socket_is_closed_in_order(fuzzed, messages, initialised):
    address, made = fuzzed

    async def tell():
        async with wire(address) as socket:
            if initialised:
                await socket.init()
            for message in messages:
                await socket.raw(message)
            await socket.raw("the end")
            return await socket.closed()

    code, _ = asyncio.run(tell())
    assert 4400 <= code < 4500
    assert made.figures.registry.get_sample_value("hub_bugs_total") == 0
