"""Value: what a province is told when its pushed message is not taken."""

from __future__ import annotations

from schema.records.refusal import Bilingual

Sentences = tuple[Bilingual, Bilingual]

MEDIA: Sentences = (
    Bilingual(
        "推送须以 application/json 发送，不压缩。",
        "A message is sent as application/json, and not compressed.",
    ),
    Bilingual(
        "请写 Content-Type: application/json，正文为 UTF-8。",
        "Send Content-Type: application/json, and the body in UTF-8.",
    ),
)
HEADERS: Sentences = (
    Bilingual(
        "缺少签名所用的请求头，或其格式有误。",
        "The headers of the signature are missing or malformed.",
    ),
    Bilingual(
        "请写 webhook-id（至多 64 个字符）、webhook-timestamp（秒）与 webhook-signature。",
        "Send webhook-id (at most 64 characters), webhook-timestamp (in seconds) and"
        " webhook-signature.",
    ),
)
SIGNATURE: Sentences = (
    Bilingual(
        "签名与本枢纽所知的该省密钥不符。",
        "The signature fits no secret that this hub has of the province.",
    ),
    Bilingual(
        "请对 “id.timestamp.正文” 原样计算 HMAC-SHA256，并与枢纽运维核对密钥。",
        "Compute HMAC-SHA256 over “id.timestamp.body” exactly as sent, and compare the"
        " secret with the hub's operators.",
    ),
)
STALE: Sentences = (
    Bilingual(
        "签名的时刻与现在相差超过 {minutes} 分钟。",
        "The message was signed more than {minutes} minutes away from now.",
    ),
    Bilingual(
        "请校准时钟，并在每次发送时重新签名（webhook-id 不变）。",
        "Set your clock, and sign anew each time you send (with the same webhook-id).",
    ),
)
ANOTHER_PROVINCE: Sentences = (
    Bilingual(
        "正文中的 province 不是签名的省。",
        "The province in the body is not the one that signed.",
    ),
    Bilingual(
        "一省只推送自己案卷的变更。", "A province pushes changes of its own files only."
    ),
)
REPLAYED: Sentences = (
    Bilingual(
        "此 webhook-id 的消息先前已收下，未作任何改动。",
        "A message with this webhook-id was taken before; nothing was changed.",
    ),
    Bilingual(
        "不必再发；新的消息请用新的 webhook-id。",
        "There is no need to send it again; a new message has a new webhook-id.",
    ),
)
UNREADABLE: Sentences = (
    Bilingual(
        "正文不是契约 1.2 的 CaseChanges（{what}）。",
        "The body is no CaseChanges of contract 1.2 ({what}).",
    ),
    Bilingual(
        "请对照 schema/province.graphql 更正后，以新的 webhook-id 发送。",
        "Mend it by schema/province.graphql, and send it with a new webhook-id.",
    ),
)
UNKNOWN_CASE: Sentences = (
    Bilingual(
        "其中有的案号，本枢纽没有由该省参与的案件；整条消息都未收下。",
        "The hub has no case of one of these numbers in which the province has a role;"
        " nothing of the message was taken.",
    ),
    Bilingual(
        "请核对案号；若案件刚刚建立，请稍后重发，枢纽也会自行询问。",
        "Check the number; if the case is new, send it again later. The hub also asks"
        " by itself.",
    ),
)
PERSONAL: Sentences = (
    Bilingual(
        "案号、工会代码、材料引用或事实中有居民身份号码。",
        "A case number, a union's code, the reference of a paper or a fact holds a"
        " resident ID number.",
    ),
    Bilingual("请改用不含个人信息的编号。", "Use numbers that name nobody."),
)
BUSY: Sentences = (
    Bilingual("同时到达的推送过多。", "Too many messages came at once."),
    Bilingual("请几秒后重发。", "Send it again in a few seconds."),
)
