"""Value: what the server says of requests that it cannot serve, and the remedy."""

from __future__ import annotations

from schema.records.refusal import Bilingual

UNAUTHENTICATED = (
    Bilingual("未提供有效的访问令牌。", "There is no valid access token."),
    Bilingual(
        "请在 Authorization 头中以 “Bearer 令牌” 提供本枢纽受信签发方签发的、未过期的令牌。",
        "Send “Authorization: Bearer <token>” with an unexpired token of an issuer"
        " that this hub trusts.",
    ),
)
NOT_FOUND = (
    Bilingual("此地址不存在。", "There is nothing at this address."),
    Bilingual("GraphQL 的地址是 /graphql。", "GraphQL is served at /graphql."),
)
METHOD = (
    Bilingual(
        "此地址不支持该 HTTP 方法。", "This address does not take that HTTP method."
    ),
    Bilingual("请使用 {allow}。", "Use {allow}."),
)
MUTATION_BY_GET = (
    Bilingual("不能用 GET 执行变更（mutation）。", "A mutation cannot be sent by GET."),
    Bilingual("请改用 POST。", "Send it by POST."),
)
NOT_ACCEPTABLE = (
    Bilingual(
        "Accept 头中没有本枢纽能给出的媒体类型。",
        "The Accept header names no media type that this hub can answer in.",
    ),
    Bilingual(
        "请在 Accept 中写 application/graphql-response+json 或 application/json。",
        "Accept application/graphql-response+json or application/json.",
    ),
)
MEDIA_TYPE = (
    Bilingual(
        "请求正文的类型或编码不受支持。",
        "The type or encoding of the request body is not supported.",
    ),
    Bilingual(
        "请以 UTF-8 的 JSON 发送，不压缩，并写 Content-Type: application/json。",
        "Send JSON in UTF-8, not compressed, with Content-Type: application/json.",
    ),
)
JOSE = (
    Bilingual(
        "批次须以 application/jose 发送，不压缩。",
        "A batch is sent as application/jose, and not compressed.",
    ),
    Bilingual(
        "正文为紧凑 JWS 本身；请写 Content-Type: application/jose。",
        "The body is the compact JWS itself, with Content-Type: application/jose.",
    ),
)
BODY_TOO_LARGE = (
    Bilingual(
        "请求正文超过 {limit} 字节。", "The request body is larger than {limit} bytes."
    ),
    Bilingual("请缩小请求，或分成几次发送。", "Make the request smaller, or split it."),
)
BODY_SLOW = (
    Bilingual("请求正文没有在时限内到齐。", "The request body did not arrive in time."),
    Bilingual("请检查网络后重新发送。", "Check the network and send it again."),
)
HEAD_TOO_LARGE = (
    Bilingual("请求头过大。", "The headers of the request are too large."),
    Bilingual("请缩短地址和请求头。", "Shorten the address and the headers."),
)
HEAD_SLOW = (
    Bilingual("请求没有在时限内到齐。", "The request did not arrive in time."),
    Bilingual("请检查网络后重新发送。", "Check the network and send it again."),
)
NO_HTTP = (
    Bilingual("收到的不是 HTTP/1.1 请求。", "What arrived is no HTTP/1.1 request."),
    Bilingual(
        "请检查客户端和代理；若用 TLS，请连接到 TLS 的端口。",
        "Check the client and the proxies; for TLS, use the port for TLS.",
    ),
)
NUMBER_IN_NAME = (
    Bilingual(
        "文档的名称里有疑似居民身份号码的数字。",
        "A name in the document holds what may be a resident ID number.",
    ),
    Bilingual(
        "请用变量传值，别名里不要写号码。",
        "Pass values as variables, and keep numbers out of aliases.",
    ),
)
BAD_JSON = (
    Bilingual("{what}不是有效的 JSON。", "{what_en} is not valid JSON."),
    Bilingual(
        "请检查括号、引号、数字大小和 UTF-8 编码。",
        "Check brackets, quotation marks, the size of numbers, and that it is UTF-8.",
    ),
)
BAD_QUERY_STRING = (
    Bilingual("地址中的查询串无法读取。", "The query string cannot be read."),
    Bilingual(
        "请按 UTF-8 作百分号编码，参数不超过 {most} 个。",
        "Percent-encode it as UTF-8, with at most {most} parameters.",
    ),
)
TWO_HASHES = (
    Bilingual(
        "documentId 与 extensions.persistedQuery 指的不是同一文档。",
        "documentId and extensions.persistedQuery name different documents.",
    ),
    Bilingual("请只给出其中一个。", "Give only one of them."),
)
NUMBER_IN_ADDRESS = (
    Bilingual(
        "地址中不得出现居民身份号码：沿途的程序会记录地址。",
        "A resident ID number must not stand in an address: programs on the way"
        " write addresses down.",
    ),
    Bilingual(
        "请改用 POST，把号码放在 variables 中（urql：preferGetMethod: false）。",
        "Send it by POST, among the variables (urql: preferGetMethod: false).",
    ),
)
JSON_DEEP = (
    Bilingual(
        "JSON 嵌套超过 {limit} 层。", "The JSON nests deeper than {limit} levels."
    ),
    Bilingual("请减少嵌套。", "Nest less."),
)
NOT_OBJECT = (
    Bilingual(
        "请求正文须是一个 JSON 对象。", "The request body must be one JSON object."
    ),
    Bilingual(
        '请写成 {{"query": "…", "variables": {{…}}}}；一次只发一个请求。',
        'Write {{"query": "…", "variables": {{…}}}}; one request at a time.',
    ),
)
NO_QUERY = (
    Bilingual("请求没有给出 query。", "The request has no query."),
    Bilingual("请在 query 中写 GraphQL 文档。", "Put the GraphQL document into query."),
)
WRONG_PARAMETER = (
    Bilingual("参数 {name} 须是{zh}。", "Parameter {name} must be {en}."),
    Bilingual("请改正 {name}，或省略它。", "Correct {name}, or leave it out."),
)
DOCUMENT_TOO_LARGE = (
    Bilingual("GraphQL 文档过大：{zh}。", "The GraphQL document is too large: {en}."),
    Bilingual(
        "请用变量传值、减少字段，或分成几次查询。",
        "Pass values as variables, ask for fewer fields, or split the query.",
    ),
)
VALUES = (
    Bilingual(
        "请求的变量共有超过 {limit} 个值。",
        "The variables of the request hold more than {limit} values.",
    ),
    Bilingual("请分成几次发送。", "Split the request."),
)
COST = (
    Bilingual(
        "查询要求过多：{zh} {found}，上限 {limit}。",
        "The query asks for too much: {en} {found}, the limit is {limit}.",
    ),
    Bilingual(
        "请减少一次查询的人数或字段，或分成几次查询。",
        "Ask for fewer workers or fields at a time, or split the query.",
    ),
)
INTROSPECTION = (
    Bilingual("本枢纽不开放结构自省。", "This hub does not show its graph to callers."),
    Bilingual(
        "请使用随版本发布的 schema/hub.graphql。",
        "Use the published schema/hub.graphql instead.",
    ),
)
DEADLINE = (
    Bilingual(
        "请求没有在 {seconds} 秒内完成。", "The request took longer than {seconds} s."
    ),
    Bilingual(
        "请稍后重试，或减少一次查询的内容。",
        "Try again later, or ask for less at a time.",
    ),
)
BUSY = (
    Bilingual("同时处理的请求过多。", "Too many requests are under way."),
    Bilingual("请几秒后重试。", "Try again in a few seconds."),
)
RATE = (
    Bilingual(
        "您或您所在机构的请求过于频繁。",
        "You or your office ask more often than you may.",
    ),
    Bilingual(
        "请在 {seconds} 秒后重试，或把多人合并为一次查询（workers）。",
        "Try again in {seconds} s, or look several workers up by one question.",
    ),
)
NO_SUCH_DOCUMENT = (
    # Apollo's clients know these two English messages by heart.
    Bilingual("没有登记过此摘要的文档。", "PersistedQueryNotFound"),
    Bilingual(
        "请同时发送 query；若只能执行已登记的文档，请先由枢纽运维登记。",
        "Send the query too; if you may run registered documents only, have the hub's"
        " operators register it.",
    ),
)
WRONG_HASH = (
    Bilingual("文档与其 SHA-256 摘要不符。", "provided sha does not match query"),
    Bilingual(
        "摘要须按所发送的文档原文（UTF-8）计算。",
        "Compute the hash over the document exactly as it is sent, in UTF-8.",
    ),
)
NOT_TRUSTED = (
    Bilingual("您只能执行已登记的文档。", "You may run registered documents only."),
    Bilingual(
        "请以 documentId 给出已登记文档的摘要，或请枢纽运维登记此文档。",
        "Name a registered document by its documentId, or have the hub's operators"
        " register this one.",
    ),
)
TRAIL = (
    Bilingual(
        "审计记录暂时无法写入，因此没有给出任何资料。",
        "The audit trail cannot be written, so nothing was shown.",
    ),
    Bilingual(
        "请稍后重试；若持续出现，请把请求编号告知枢纽运维。",
        "Try again later; if it stays, tell the hub's operators the request id.",
    ),
)
STORE = (
    Bilingual(
        "枢纽自己的数据库暂时不可用，没有写入任何内容。",
        "The hub's own database is not available; nothing was written.",
    ),
    Bilingual(
        "请稍后重试；若持续出现，请把请求编号告知枢纽运维。",
        "Try again later; if it stays, tell the hub's operators the request id.",
    ),
)
INTERNAL = (
    Bilingual("枢纽内部出错。", "Something went wrong inside the hub."),
    Bilingual(
        "请稍后重试；若再次出现，请把请求编号告知枢纽运维。",
        "Try again later; if it happens again, tell the hub's operators the request id.",
    ),
)
