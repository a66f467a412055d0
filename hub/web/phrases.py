"""Value: graphql-core's complaints, each with a sentence of ours in both languages.

One line for each kind of complaint: how graphql-core says it, and what we say
instead. A value that the caller sent is never repeated: it may be personal data.
Names of fields, types and variables are.
"""

from __future__ import annotations

import re

from hub.web.document_phrases import DOCUMENT_PHRASES
from hub.web.phrase import SEE_SCHEMA, Phrase, phrase
from schema.records.refusal import Bilingual

_GIVE_TYPE = (
    "请给出 {type} 类型的值。",
    "Give a value of type {type}.",
)

#: The first line whose pattern is found in the complaint applies.
PHRASES = (
    phrase(
        r"^Cannot query field '(?P<field>\w+)' on type '(?P<type>\w+)'",
        ("类型 {type} 没有字段 {field}。", "Type {type} has no field {field}."),
        ("请改正或去掉字段 {field}。", "Correct or remove the field {field}."),
    ),
    phrase(
        r"^Unknown argument '(?P<arg>\w+)' on (?:field|directive|fragment) '(?P<on>[@\w.]+)'",
        ("{on} 没有参数 {arg}。", "{on} takes no argument {arg}."),
        ("请改正或去掉参数 {arg}。", "Correct or remove the argument {arg}."),
    ),
    phrase(
        r"^Argument '(?P<on>[@\w.]+)\((?P<arg>\w+):\)' of type '(?P<type>[^']+)' is required",
        ("{on} 缺少必填参数 {arg}。", "{on} needs the argument {arg}."),
        ("请给出 {arg}: {type}。", "Give {arg}: {type}."),
    ),
    phrase(
        r"Value '[^']*' does not exist in '(?P<enum>\w+)' enum",
        ("所给的值不在 {enum} 之内。", "The value is not one of {enum}."),
        ("请使用：{allowed}。", "Use one of: {allowed}."),
    ),
    phrase(
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
    phrase(
        r"^Variable '\$(?P<var>\w+)' has invalid (?:default )?value.*Expected a value of"
        r" non-null type '(?P<type>[^']+)' to be provided",
        ("没有给出变量 ${var}。", "The variable ${var} was not given."),
        ("请在 variables 中给出 {var}: {type}。", "Give {var}: {type} in variables."),
    ),
    phrase(
        r"Expected (?:a )?value of non-null type '(?P<type>[^']+)'",
        ("此处不能为 null{at}。", "Null will not do here{at}."),
        _GIVE_TYPE,
    ),
    phrase(
        r"Within OneOf Input Object type '(?P<type>\w+)'",
        (
            "{type} 须恰好给出一个字段，且不为 null{at}。",
            "{type} takes exactly one field, and not null{at}.",
        ),
        ("请只保留 {type} 的一个字段。", "Keep one field of {type}."),
    ),
    phrase(
        r"Expected value of type '(?P<type>\w+)' to include required field '(?P<field>\w+)'",
        ("{type} 缺少必填字段 {field}{at}。", "{type} needs the field {field}{at}."),
        ("请给出 {field}。", "Give {field}."),
    ),
    phrase(
        r"Expected value of type '(?P<type>\w+)' not to include unknown field '(?P<field>\w+)'",
        ("{type} 没有字段 {field}{at}。", "{type} has no field {field}{at}."),
        ("请改正或去掉 {field}。", "Correct or remove {field}."),
    ),
    phrase(
        r"Expected value of type '(?P<type>\w+)' to be an object",
        ("{type} 须是对象{at}。", "{type} must be an object{at}."),
        ("请写成 {{字段: 值}}。", "Write {{field: value}}."),
    ),
    phrase(
        r"Value cannot represent a (?P<type>Date):",
        ("此处须是日期{at}。", "A date is needed{at}."),
        (
            "请写成 2025-07-31 的格式，并确认有这一天。",
            "Write it like 2025-07-31, and see that there is such a day.",
        ),
    ),
    phrase(
        r"Value cannot represent a (?P<type>\w+):",
        ("此处须是 {type} 类型的值{at}。", "A value of type {type} is needed{at}."),
        _GIVE_TYPE,
    ),
    phrase(
        r"(?P<type>Int) cannot represent non 32-bit",
        ("整数超出 32 位范围{at}。", "The integer does not fit into 32 bits{at}."),
        ("请给出较小的整数。", "Give a smaller integer."),
    ),
    phrase(
        r"(?P<type>\w+) cannot represent (?:a )?(?:non|value)",
        ("此处须是 {type} 类型的值{at}。", "A value of type {type} is needed{at}."),
        _GIVE_TYPE,
    ),
    phrase(
        r"Expected value of type '(?P<type>[^']+)'",
        ("此处须是 {type} 类型的值{at}。", "A value of type {type} is needed{at}."),
        _GIVE_TYPE,
    ),
    phrase(
        r"^Field '(?P<field>\w+)' of type '(?P<type>[^']+)' must have",
        ("没有写明要 {field} 的哪些字段。", "{field} needs a selection of fields."),
        ("请写成 {field} {{ … }}。", "Write {field} {{ … }}."),
    ),
    phrase(
        r"^Field '(?P<field>\w+)' must not have a selection",
        ("{field} 没有下级字段。", "{field} has no fields of its own."),
        ("请去掉 {field} 后的 {{ … }}。", "Remove the {{ … }} after {field}."),
    ),
    phrase(
        r"^Fields '(?P<field>\w+)' conflict",
        ("{field} 有两种不同的含义。", "{field} stands for two different things."),
        ("请为其中一个另起别名。", "Give one of them another alias."),
    ),
    phrase(
        r"^Variable '\$(?P<var>\w+)' is not defined",
        ("变量 ${var} 没有声明。", "The variable ${var} is not declared."),
        ("请在操作开头声明它。", "Declare it at the head of the operation."),
    ),
    phrase(
        r"^Variable '\$(?P<var>\w+)' is never used",
        ("变量 ${var} 没有用到。", "The variable ${var} is not used."),
        ("请去掉它的声明。", "Remove its declaration."),
    ),
    phrase(
        r"^Variable '\$(?P<var>\w+)' (?:of type|is of type) '(?P<type>[^']+)' (?:used in"
        r" position expecting type '(?P<want>[^']+)')?",
        ("变量 ${var} 的类型 {type} 不合用。", "${var} has the wrong type, {type}."),
        ("请按所用位置声明 ${var}。", "Declare ${var} as the place of its use wants."),
    ),
    phrase(
        r"^Variable '\$(?P<var>\w+)' cannot be non-input type '(?P<type>[^']+)'",
        ("{type} 不能作变量类型。", "{type} cannot be the type of a variable."),
        SEE_SCHEMA,
    ),
    phrase(
        r"^Unknown type '(?P<type>\w+)'",
        ("没有类型 {type}。", "There is no type {type}."),
        SEE_SCHEMA,
    ),
    phrase(
        r"^Unknown fragment '(?P<name>\w+)'",
        ("没有片段 {name}。", "There is no fragment {name}."),
        ("请定义片段 {name}。", "Define the fragment {name}."),
    ),
    phrase(
        r"^Fragment '(?P<name>\w+)' is never used",
        ("片段 {name} 没有用到。", "The fragment {name} is not used."),
        ("请去掉它。", "Remove it."),
    ),
    phrase(
        r"^Cannot spread fragment '(?P<name>\w+)' within itself",
        ("片段 {name} 展开到了自身。", "The fragment {name} spreads itself."),
        ("请解开这个循环。", "Break the circle."),
    ),
    phrase(
        r"^Fragment (?:'(?P<name>\w+)' )?cannot ",
        ("片段的类型与此处不符。", "The fragment's type does not fit here."),
        SEE_SCHEMA,
    ),
    phrase(
        r"^Unknown directive '(?P<name>@\w+)'",
        ("没有指令 {name}。", "There is no directive {name}."),
        ("请去掉 {name}。", "Remove {name}."),
    ),
    phrase(
        r"irective '(?P<name>@\w+)' (?:may not be used|can only be used once)",
        ("指令 {name} 不能用在此处。", "The directive {name} cannot stand here."),
        ("请去掉 {name}。", "Remove {name}."),
    ),
    *DOCUMENT_PHRASES,
)

#: For a complaint that none of the lines knows.
OTHERWISE = Phrase(
    re.compile(""),
    Bilingual("GraphQL 请求无效。", "The GraphQL request is not valid."),
    Bilingual(*SEE_SCHEMA),
)
