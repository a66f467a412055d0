"""Value: what is said of whole documents, operations and their syntax.

As in ``hub.web.phrases``: one line for each kind of complaint, in both languages.
"""

from __future__ import annotations

from hub.web.phrase import SEE_SCHEMA, phrase

#: The first line whose pattern is found in the complaint applies.
DOCUMENT_PHRASES = (
    phrase(
        r"^(?:Anonymous Subscription|Subscription '\w+') must select only one",
        (
            "一个订阅只能有一个根字段。",
            "A subscription follows one field of the root, and no more.",
        ),
        (
            "请把其余根字段写成另外的订阅，各自发送。",
            "Make a subscription of each of the others, and send them apart.",
        ),
    ),
    phrase(
        r"^(?:Anonymous Subscription|Subscription '\w+') must not select an introspection",
        (
            "订阅的根字段不能是 __typename、__schema 或 __type。",
            "The root field of a subscription cannot be __typename, __schema or __type.",
        ),
        (
            "请改选订阅的字段，例如 provinceStatus。",
            "Select a field of Subscription there, such as provinceStatus.",
        ),
    ),
    phrase(
        r"^(?:Anonymous Subscription|Subscription '\w+') must not use `@skip`",
        (
            "订阅的根字段不能带 @skip 或 @include。",
            "The root field of a subscription takes neither @skip nor @include.",
        ),
        (
            "请去掉该指令；不需要时不发送此订阅。",
            "Remove it; do not send the subscription when it is not wanted.",
        ),
    ),
    phrase(
        r"^There can be only one (?P<what>[a-z ]+?) ?(?:named)? '(?P<name>[$\w]+)'",
        ("{name} 出现了两次。", "{name} stands twice."),
        ("请只保留一个。", "Keep one of them."),
    ),
    phrase(
        r"^This anonymous operation must be the only",
        ("文档中有多个操作，其中有无名的。", "One of several operations has no name."),
        ("请给每个操作命名。", "Name every operation."),
    ),
    phrase(
        r"^Too many errors processing variables",
        (
            "变量中的错误过多，其余未列出。",
            "The variables have more mistakes than are listed.",
        ),
        ("请先改正已列出的。", "Correct those that are listed first."),
    ),
    phrase(
        r"^Must provide operation name",
        (
            "文档中有多个操作，没有指明执行哪个。",
            "It is not said which operation to run.",
        ),
        ("请给出 operationName。", "Give operationName."),
    ),
    phrase(
        r"^Unknown operation named",
        ("文档中没有该名称的操作。", "The document has no operation of that name."),
        ("请改正 operationName。", "Correct operationName."),
    ),
    phrase(
        r"^(?:Must provide an operation|Syntax Error: Unexpected <EOF>)",
        ("文档中没有可执行的操作。", "The document has no operation."),
        ("请至少写一个查询。", "Write at least one query."),
    ),
    phrase(
        r"^The (?P<what>\w+) operation is not supported",
        ("本枢纽不支持 {what}。", "This hub has no {what}."),
        SEE_SCHEMA,
    ),
    phrase(
        r"definition is not executable",
        ("文档中只能有操作和片段。", "A request holds operations and fragments only."),
        ("请去掉类型定义。", "Remove the type definitions."),
    ),
    phrase(
        r"^GraphQL introspection has been disabled",
        ("本枢纽不开放结构自省。", "This hub does not show its graph to callers."),
        (
            "请使用随版本发布的 schema/hub.graphql。",
            "Use the published schema/hub.graphql.",
        ),
    ),
    phrase(
        r"^Maximum introspection depth",
        ("结构自省嵌套过深。", "The introspection nests too deeply."),
        ("请减少嵌套。", "Nest less."),
    ),
    phrase(
        r"(?:more than \d+ (?:lexical )?(?:tokens|comments)|nested too deeply|too long|limit)",
        (
            "GraphQL 文档过大或嵌套过深。",
            "The document is too large or nests too deeply.",
        ),
        ("请缩小文档，用变量传值。", "Make it smaller; pass values as variables."),
    ),
    phrase(
        r"^Syntax Error: Expected (?P<want>.{1,40}?), found (?:Name|Int|Float|String|BlockString)",
        ("此处应为 {want}。", "{want} is expected here."),
        ("请检查该处的语法。", "Check the syntax at that place."),
    ),
    phrase(
        r"^Syntax Error: Expected (?P<want>.{1,40}?), found (?P<found>\S{1,8})\.$",
        ("此处应为 {want}，而不是 {found}。", "{want} is expected here, not {found}."),
        ("请检查该处的语法。", "Check the syntax at that place."),
    ),
    phrase(
        r"^Syntax Error: Unterminated string",
        ("字符串没有结束引号。", "A string has no closing quotation mark."),
        ("请补上引号。", "Close it."),
    ),
    phrase(
        r"^Syntax Error",
        ("GraphQL 语法有误。", "The GraphQL syntax is wrong here."),
        ("请检查该处的语法。", "Check the syntax at that place."),
    ),
)
