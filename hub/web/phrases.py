"""Value: graphql-core's complaints, each with a sentence of ours in both languages.

One line for each kind of complaint: how graphql-core says it, and what we say
instead. A value that the caller sent is never repeated: it may be personal data.
Names of fields, types and variables are.
"""

from __future__ import annotations

import re

import msgspec

from schema.records.refusal import Bilingual


class Phrase(msgspec.Struct, frozen=True):
    """One kind of complaint.

    Attributes:
        pattern: How graphql-core says it; its groups fill the blanks.
        message: What we say.
        remedy: What the caller should do.
    """

    pattern: re.Pattern[str]
    message: Bilingual
    remedy: Bilingual


def _phrase(pattern: str, message: tuple[str, str], remedy: tuple[str, str]) -> Phrase:
    return Phrase(
        re.compile(pattern, re.DOTALL), Bilingual(*message), Bilingual(*remedy)
    )


_SEE_SCHEMA = ("请对照 schema/hub.graphql 改正。", "See schema/hub.graphql.")
_GIVE_TYPE = (
    "请给出 {type} 类型的值。",
    "Give a value of type {type}.",
)

#: The first line whose pattern is found in the complaint applies.
PHRASES = (
    _phrase(
        r"^Cannot query field '(?P<field>\w+)' on type '(?P<type>\w+)'",
        ("类型 {type} 没有字段 {field}。", "Type {type} has no field {field}."),
        ("请改正或去掉字段 {field}。", "Correct or remove the field {field}."),
    ),
    _phrase(
        r"^Unknown argument '(?P<arg>\w+)' on (?:field|directive|fragment) '(?P<on>[@\w.]+)'",
        ("{on} 没有参数 {arg}。", "{on} takes no argument {arg}."),
        ("请改正或去掉参数 {arg}。", "Correct or remove the argument {arg}."),
    ),
    _phrase(
        r"^Argument '(?P<on>[@\w.]+)\((?P<arg>\w+):\)' of type '(?P<type>[^']+)' is required",
        ("{on} 缺少必填参数 {arg}。", "{on} needs the argument {arg}."),
        ("请给出 {arg}: {type}。", "Give {arg}: {type}."),
    ),
    _phrase(
        r"Value '[^']*' does not exist in '(?P<enum>\w+)' enum",
        ("所给的值不在 {enum} 之内。", "The value is not one of {enum}."),
        ("请使用：{allowed}。", "Use one of: {allowed}."),
    ),
    _phrase(
        r"Enum '(?P<enum>\w+)' cannot represent non-",
        ("{enum} 的值写法不对。", "That is no way to write a value of {enum}."),
        (
            "在文档中不加引号，在变量中写成字符串；请使用：{allowed}。",
            (
                "Write it bare in the document, as a string in variables; one of:"
                " {allowed}."
            ),
        ),
    ),
    _phrase(
        r"^Variable '\$(?P<var>\w+)' has invalid (?:default )?value.*Expected a value of"
        r" non-null type '(?P<type>[^']+)' to be provided",
        ("没有给出变量 ${var}。", "The variable ${var} was not given."),
        ("请在 variables 中给出 {var}: {type}。", "Give {var}: {type} in variables."),
    ),
    _phrase(
        r"Expected (?:a )?value of non-null type '(?P<type>[^']+)'",
        ("此处不能为 null{at}。", "Null will not do here{at}."),
        _GIVE_TYPE,
    ),
    _phrase(
        r"Within OneOf Input Object type '(?P<type>\w+)'",
        (
            "{type} 须恰好给出一个字段，且不为 null{at}。",
            "{type} takes exactly one field, and not null{at}.",
        ),
        ("请只保留 {type} 的一个字段。", "Keep one field of {type}."),
    ),
    _phrase(
        r"Expected value of type '(?P<type>\w+)' to include required field '(?P<field>\w+)'",
        ("{type} 缺少必填字段 {field}{at}。", "{type} needs the field {field}{at}."),
        ("请给出 {field}。", "Give {field}."),
    ),
    _phrase(
        r"Expected value of type '(?P<type>\w+)' not to include unknown field '(?P<field>\w+)'",
        ("{type} 没有字段 {field}{at}。", "{type} has no field {field}{at}."),
        ("请改正或去掉 {field}。", "Correct or remove {field}."),
    ),
    _phrase(
        r"Expected value of type '(?P<type>\w+)' to be an object",
        ("{type} 须是对象{at}。", "{type} must be an object{at}."),
        ("请写成 {{字段: 值}}。", "Write {{field: value}}."),
    ),
    _phrase(
        r"(?P<type>Int) cannot represent non 32-bit",
        ("整数超出 32 位范围{at}。", "The integer does not fit into 32 bits{at}."),
        ("请给出较小的整数。", "Give a smaller integer."),
    ),
    _phrase(
        r"(?P<type>\w+) cannot represent (?:a )?(?:non|value)",
        ("此处须是 {type} 类型的值{at}。", "A value of type {type} is needed{at}."),
        _GIVE_TYPE,
    ),
    _phrase(
        r"Expected value of type '(?P<type>[^']+)'",
        ("此处须是 {type} 类型的值{at}。", "A value of type {type} is needed{at}."),
        _GIVE_TYPE,
    ),
    _phrase(
        r"^Field '(?P<field>\w+)' of type '(?P<type>[^']+)' must have",
        ("没有写明要 {field} 的哪些字段。", "{field} needs a selection of fields."),
        ("请写成 {field} {{ … }}。", "Write {field} {{ … }}."),
    ),
    _phrase(
        r"^Field '(?P<field>\w+)' must not have a selection",
        ("{field} 没有下级字段。", "{field} has no fields of its own."),
        ("请去掉 {field} 后的 {{ … }}。", "Remove the {{ … }} after {field}."),
    ),
    _phrase(
        r"^Fields '(?P<field>\w+)' conflict",
        ("{field} 有两种不同的含义。", "{field} stands for two different things."),
        ("请为其中一个另起别名。", "Give one of them another alias."),
    ),
    _phrase(
        r"^Variable '\$(?P<var>\w+)' is not defined",
        ("变量 ${var} 没有声明。", "The variable ${var} is not declared."),
        ("请在操作开头声明它。", "Declare it at the head of the operation."),
    ),
    _phrase(
        r"^Variable '\$(?P<var>\w+)' is never used",
        ("变量 ${var} 没有用到。", "The variable ${var} is not used."),
        ("请去掉它的声明。", "Remove its declaration."),
    ),
    _phrase(
        r"^Variable '\$(?P<var>\w+)' (?:of type|is of type) '(?P<type>[^']+)' (?:used in"
        r" position expecting type '(?P<want>[^']+)')?",
        ("变量 ${var} 的类型 {type} 不合用。", "${var} has the wrong type, {type}."),
        ("请按所用位置声明 ${var}。", "Declare ${var} as the place of its use wants."),
    ),
    _phrase(
        r"^Variable '\$(?P<var>\w+)' cannot be non-input type '(?P<type>[^']+)'",
        ("{type} 不能作变量类型。", "{type} cannot be the type of a variable."),
        _SEE_SCHEMA,
    ),
    _phrase(
        r"^Unknown type '(?P<type>\w+)'",
        ("没有类型 {type}。", "There is no type {type}."),
        _SEE_SCHEMA,
    ),
    _phrase(
        r"^Unknown fragment '(?P<name>\w+)'",
        ("没有片段 {name}。", "There is no fragment {name}."),
        ("请定义片段 {name}。", "Define the fragment {name}."),
    ),
    _phrase(
        r"^Fragment '(?P<name>\w+)' is never used",
        ("片段 {name} 没有用到。", "The fragment {name} is not used."),
        ("请去掉它。", "Remove it."),
    ),
    _phrase(
        r"^Cannot spread fragment '(?P<name>\w+)' within itself",
        ("片段 {name} 展开到了自身。", "The fragment {name} spreads itself."),
        ("请解开这个循环。", "Break the circle."),
    ),
    _phrase(
        r"^Fragment (?:'(?P<name>\w+)' )?cannot ",
        ("片段的类型与此处不符。", "The fragment's type does not fit here."),
        _SEE_SCHEMA,
    ),
    _phrase(
        r"^Unknown directive '(?P<name>@\w+)'",
        ("没有指令 {name}。", "There is no directive {name}."),
        ("请去掉 {name}。", "Remove {name}."),
    ),
    _phrase(
        r"irective '(?P<name>@\w+)' (?:may not be used|can only be used once)",
        ("指令 {name} 不能用在此处。", "The directive {name} cannot stand here."),
        ("请去掉 {name}。", "Remove {name}."),
    ),
    _phrase(
        r"^There can be only one (?P<what>[a-z ]+?) ?(?:named)? '(?P<name>[$\w]+)'",
        ("{name} 出现了两次。", "{name} stands twice."),
        ("请只保留一个。", "Keep one of them."),
    ),
    _phrase(
        r"^This anonymous operation must be the only",
        ("文档中有多个操作，其中有无名的。", "One of several operations has no name."),
        ("请给每个操作命名。", "Name every operation."),
    ),
    _phrase(
        r"^Too many errors processing variables",
        (
            "变量中的错误过多，其余未列出。",
            "The variables have more mistakes than are listed.",
        ),
        ("请先改正已列出的。", "Correct those that are listed first."),
    ),
    _phrase(
        r"^Must provide operation name",
        (
            "文档中有多个操作，没有指明执行哪个。",
            "It is not said which operation to run.",
        ),
        ("请给出 operationName。", "Give operationName."),
    ),
    _phrase(
        r"^Unknown operation named",
        ("文档中没有该名称的操作。", "The document has no operation of that name."),
        ("请改正 operationName。", "Correct operationName."),
    ),
    _phrase(
        r"^(?:Must provide an operation|Syntax Error: Unexpected <EOF>)",
        ("文档中没有可执行的操作。", "The document has no operation."),
        ("请至少写一个查询。", "Write at least one query."),
    ),
    _phrase(
        r"^The (?P<what>\w+) operation is not supported",
        ("本枢纽不支持 {what}。", "This hub has no {what}."),
        _SEE_SCHEMA,
    ),
    _phrase(
        r"definition is not executable",
        ("文档中只能有操作和片段。", "A request holds operations and fragments only."),
        ("请去掉类型定义。", "Remove the type definitions."),
    ),
    _phrase(
        r"^GraphQL introspection has been disabled",
        ("本枢纽不开放结构自省。", "This hub does not show its graph to callers."),
        (
            "请使用随版本发布的 schema/hub.graphql。",
            "Use the published schema/hub.graphql.",
        ),
    ),
    _phrase(
        r"^Maximum introspection depth",
        ("结构自省嵌套过深。", "The introspection nests too deeply."),
        ("请减少嵌套。", "Nest less."),
    ),
    _phrase(
        r"(?:more than \d+ (?:lexical )?(?:tokens|comments)|nested too deeply|too long|limit)",
        (
            "GraphQL 文档过大或嵌套过深。",
            "The document is too large or nests too deeply.",
        ),
        ("请缩小文档，用变量传值。", "Make it smaller; pass values as variables."),
    ),
    _phrase(
        r"^Syntax Error: Expected (?P<want>.{1,40}?), found (?:Name|Int|Float|String|BlockString)",
        ("此处应为 {want}。", "{want} is expected here."),
        ("请检查该处的语法。", "Check the syntax at that place."),
    ),
    _phrase(
        r"^Syntax Error: Expected (?P<want>.{1,40}?), found (?P<found>\S{1,8})\.$",
        ("此处应为 {want}，而不是 {found}。", "{want} is expected here, not {found}."),
        ("请检查该处的语法。", "Check the syntax at that place."),
    ),
    _phrase(
        r"^Syntax Error: Unterminated string",
        ("字符串没有结束引号。", "A string has no closing quotation mark."),
        ("请补上引号。", "Close it."),
    ),
    _phrase(
        r"^Syntax Error",
        ("GraphQL 语法有误。", "The GraphQL syntax is wrong here."),
        ("请检查该处的语法。", "Check the syntax at that place."),
    ),
)

#: For a complaint that none of the lines knows.
OTHERWISE = Phrase(
    re.compile(""),
    Bilingual("GraphQL 请求无效。", "The GraphQL request is not valid."),
    Bilingual(*_SEE_SCHEMA),
)
