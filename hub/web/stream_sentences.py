"""Value: what callers of streams are told: the message, and the remedy."""

from __future__ import annotations

from schema.records.refusal import Bilingual

TOKEN_EXPIRED = (
    Bilingual("访问令牌已过期，订阅已结束。", "The access token has expired."),
    Bilingual(
        "请换新令牌，并以最后收到的 cursor 作为 after 重新订阅。",
        "Get a new token and subscribe again, with the last cursor you got as after.",
    ),
)
STREAMS_ONLY = (
    Bilingual(
        "订阅（subscription）只能以流的方式应答。",
        "A subscription is answered as a stream only.",
    ),
    Bilingual(
        "请在 Accept 中写 text/event-stream，或使用 WebSocket"
        "（子协议 graphql-transport-ws）。",
        "Accept text/event-stream, or use a WebSocket with the subprotocol"
        " graphql-transport-ws.",
    ),
)
TOO_MANY_STREAMS = (
    Bilingual("同时打开的流过多。", "Too many streams are open."),
    Bilingual("请稍后重试。", "Try again in a while."),
)
NO_PLACE_LEFT = (
    Bilingual(
        "您或贵机构同时打开的流与连接已达 {limit} 个。",
        "You or your office have {limit} streams and connections open, which is all.",
    ),
    Bilingual(
        "请先结束一些，或稍后重试。", "End some of them first, or try again in a while."
    ),
)
NO_HANDSHAKE = (
    Bilingual(
        "这不是有效的 WebSocket 握手请求。",
        "This is no valid request to open a WebSocket.",
    ),
    Bilingual(
        "请按 RFC 6455 以 GET 发送握手请求，版本 13，头部不超过 128 行。",
        "Send the handshake of RFC 6455: GET, version 13, at most 128 headers.",
    ),
)
TOO_MANY_OPERATIONS = (
    Bilingual(
        "此连接上同时进行的操作超过 {limit} 个。",
        "More than {limit} operations are under way on this connection.",
    ),
    Bilingual(
        "请先结束一些操作，或另开连接。",
        "Complete some of them first, or open another connection.",
    ),
)
FOREIGN_ORIGIN = (
    Bilingual(
        "不接受来自该网页来源（Origin）的连接。",
        "Connections from pages of this Origin are not taken.",
    ),
    Bilingual(
        "请由枢纽运维把该来源加入 streams.origins。",
        "Ask the hub's operators to add the origin to streams.origins.",
    ),
)
