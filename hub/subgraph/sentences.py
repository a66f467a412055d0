"""Value: what the province kit says of what it cannot do, and the remedy."""

from __future__ import annotations

from schema.records.refusal import Bilingual

UNAUTHENTICATED = (
    Bilingual("令牌缺失或有误。", "The bearer token is missing or wrong."),
    Bilingual(
        "请在 Authorization 头中以 “Bearer 令牌” 提供省里发给您的令牌。",
        "Send “Authorization: Bearer <token>” with the token that the province gave you.",
    ),
)
NOT_FOUND = (
    Bilingual("此地址不存在。", "There is nothing at this address."),
    Bilingual("GraphQL 的地址是 /graphql。", "GraphQL is served at /graphql."),
)
CROWDED = (
    Bilingual("在办的请求太多。", "Too many requests are under way."),
    Bilingual("请稍后再试。", "Try again in a moment."),
)
REPRESENTATION = Bilingual(
    'representation 应为 {{__typename: "Worker", localId: "…"}}，localId 至多 {most} 个字符。',
    'A representation must be {{__typename: "Worker", localId: "…"}}, with a localId of'
    " at most {most} characters.",
)
TOO_MANY_WORKERS = Bilingual(
    "一次请求至多询问 {most} 人，请分批。",
    "At most {most} workers in one request: ask in parts.",
)
TOO_MANY_ENTRIES = Bilingual(
    "一次请求至多 {most} 条，请分批。",
    "At most {most} entries in one request: send them in parts.",
)
ENTRY = Bilingual(
    "条目不能读（{where}），什么也没有登记，请更正。",
    "This entry cannot be read ({where}); nothing was written: mend it.",
)
FIRST = Bilingual("first 应为 1 至 {most}。", "first is from 1 to {most}.")
AFTER = Bilingual(
    "after 不能为负，也不能超过 128 个字符。",
    "after is not negative, nor longer than 128 characters.",
)
CASE_NO = Bilingual(
    "caseNo 应有 1 至 64 个字符。", "caseNo has from 1 to 64 characters."
)
UNKNOWN = Bilingual(
    "不知道是否已办成；请以同一键再问。",
    "It is not known whether it was done: ask again with the same key.",
)
UNTOLD = Bilingual("省里此刻答不出。", "The province cannot tell this now.")
SOURCE = Bilingual(
    "省里的数据来源此刻不能作答（{fault}）。",
    "The province's own system cannot answer now ({fault}).",
)

SOURCE_REFUSES = (
    Bilingual(
        "省里的系统答复了，但不能使用（{code}），原因见上面的日志行。",
        "The province's own system answered, and cannot be used ({code}); the log line"
        " above says why.",
    ),
    {
        "UNAUTHORISED": Bilingual(
            "请检查账号、口令或令牌的环境变量。",
            "Check the environment variables with its account, password or token.",
        ),
        "UNTRUSTED": Bilingual(
            "请检查证书与 ca_file。", "Check certificates and ca_file."
        ),
    },
    Bilingual(
        "请对照映射文件检查表、列、地址与格式。",
        "Check tables, columns, address and format against the mapping file.",
    ),
)
TOKEN_SHORT = (
    Bilingual(
        "环境变量 {variable} 中的令牌少于 {least} 个字符。",
        "The token in {variable} has fewer than {least} characters.",
    ),
    Bilingual(
        "请用随机的长令牌，例如 openssl rand -base64 32。",
        "Use a long random one, e.g. of openssl rand -base64 32.",
    ),
)
TLS_FILES = (
    Bilingual(
        "TLS 的证书或私钥不能使用（{why}）。",
        "The certificate or key for TLS cannot be used ({why}).",
    ),
    Bilingual(
        "--tls-cert 与 --tls-key 须同时给出，为配对的 PEM 文件，私钥不带口令。",
        "Give both --tls-cert and --tls-key: PEM files of one pair, the key without a"
        " pass-phrase.",
    ),
)
OTHER_PORT = Bilingual(
    "请停止占用该端口的程序（可用 ss -ltnp 查看），或用 --host、--port 另选。",
    "Stop the program that has it (ss -ltnp shows it), or choose others with --host and"
    " --port.",
)
