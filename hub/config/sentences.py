"""Value: what is said of wrong settings."""

from __future__ import annotations

from schema.records.refusal import Bilingual

UNKNOWN_KEY = Bilingual("没有名为 {name} 的设置。", "There is no setting {name}.")
DID_YOU_MEAN = Bilingual("您是指 {guess}？", "Did you mean {guess}?")
KNOWN_ARE = Bilingual("此处可用的设置：{names}。", "The settings here are: {names}.")
CORRECT = Bilingual("请改正此项。", "Correct this setting.")
WRONG_VALUE = Bilingual("值不可用。", "The value cannot be used.")

NO_FILE = (
    Bilingual("找不到设置文件。", "The settings file does not exist."),
    Bilingual(
        "请用 --config 指明文件，或设置环境变量 HUB_CONFIG。",
        "Name the file with --config or the environment variable HUB_CONFIG.",
    ),
)
NOT_READABLE = (
    Bilingual("无法读取此文件（{why}）。", "This file cannot be read ({why})."),
    Bilingual(
        "请检查路径和权限，文件须为 UTF-8。",
        "Check path and permissions; it must be UTF-8.",
    ),
)
NOT_TOML = (
    Bilingual("不是有效的 TOML：{why}。", "This is not valid TOML: {why}."),
    Bilingual("请改正该行。", "Correct that line."),
)
NOT_TABLE = (
    Bilingual("此项须是一个表（[…]）。", "This must be a table ([…])."),
    Bilingual("请写成 [{name}] 加若干行。", "Write [{name}] and lines below it."),
)
NO_PROVINCES_DIR = (
    Bilingual("找不到省份设置目录。", "The directory of provinces does not exist."),
    Bilingual(
        "请建立该目录，每省一个文件（如 44.toml），或改正 provinces_dir。",
        "Make it, with one file per province (e.g. 44.toml), or correct provinces_dir.",
    ),
)
MAPPING_HERE = (
    Bilingual(
        "这是映射文件，不是省份设置。",
        "This is a mapping, not the settings of a province.",
    ),
    Bilingual(
        "请移到别的目录（如 mappings/{name}.toml）或改名为 {name}.mapping.toml，"
        "并改正 mapping_file。",
        "Move it elsewhere (e.g. mappings/{name}.toml) or call it {name}.mapping.toml,"
        " and correct mapping_file.",
    ),
)
TWICE = (
    Bilingual(
        "省份 {code} 已在 {other} 中设置。", "Province {code} is already in {other}."
    ),
    Bilingual("请只保留一个文件。", "Keep one of the files."),
)
OTHER_NAME = (
    Bilingual(
        "文件名与省级代码 {code} 不符。",
        "The file's name does not fit the province code {code}.",
    ),
    Bilingual("请把文件改名为 {code}.toml。", "Rename the file to {code}.toml."),
)
SECRET_UNREADABLE = (
    Bilingual(
        "机密 {name} 读不到（{why}）。", "The secret {name} cannot be had ({why})."
    ),
    Bilingual(
        "请检查其文件或命令：运行枢纽的用户须能读取或执行。",
        "Look at its file or command: the hub's user must be able to read or run it.",
    ),
)
NOT_SET = (
    Bilingual(
        "环境变量 {name} 未设置。", "The environment variable {name} is not set."
    ),
    Bilingual(
        "请在启动前设置 {name}；密钥不写在文件里。",
        "Set {name} before starting; secrets are not kept in files.",
    ),
)
MISSING_FILE = (
    Bilingual("找不到 {path}。", "{path} does not exist."),
    Bilingual("请改正路径，或放好该文件。", "Correct the path, or put the file there."),
)
NO_SUCH_PROVINCE = (
    Bilingual("没有省份 {code} 的设置文件。", "There is no file for province {code}."),
    Bilingual("请先建立 {code}.toml。", "Make {code}.toml first."),
)
SET_SECRET = Bilingual("请设置该环境变量。", "Set that environment variable.")

#: What pydantic calls a mistake (its beginning), and what we say instead.
OF_TYPES = (
    (
        "missing",
        Bilingual("缺少此项。", "This setting is missing."),
        Bilingual("请补上。", "Add it."),
    ),
    (
        "greater_than_equal",
        Bilingual("值小于 {ge}。", "The value is below {ge}."),
        Bilingual("请写 {ge} 或更大的值。", "Write {ge} or more."),
    ),
    (
        "greater_than",
        Bilingual("值须大于 {gt}。", "The value must be above {gt}."),
        Bilingual("请写更大的值。", "Write a larger one."),
    ),
    (
        "less_than_equal",
        Bilingual("值大于 {le}。", "The value is above {le}."),
        Bilingual("请写 {le} 或更小的值。", "Write {le} or less."),
    ),
    (
        "literal_error",
        Bilingual("不是可用的值。", "This is none of the possible values."),
        Bilingual("请使用：{expected}。", "Use one of: {expected}."),
    ),
    (
        "enum",
        Bilingual("不是可用的值。", "This is none of the possible values."),
        Bilingual("请使用：{expected}。", "Use one of: {expected}."),
    ),
    (
        "int",
        Bilingual("须是整数。", "This must be an integer."),
        Bilingual("请写整数，不加引号。", "Write an integer without quotation marks."),
    ),
    (
        "float",
        Bilingual("须是数字。", "This must be a number."),
        Bilingual("请写数字，不加引号。", "Write a number without quotation marks."),
    ),
    (
        "bool",
        Bilingual("须是 true 或 false。", "This must be true or false."),
        Bilingual("请写 true 或 false，不加引号。", "Write true or false."),
    ),
    (
        "string_pattern",
        Bilingual("写法不对。", "It is not written as it must be."),
        Bilingual("须符合 {pattern}。", "It must match {pattern}."),
    ),
    (
        "string_too_short",
        Bilingual("不能为空。", "This must not be empty."),
        Bilingual("请填写。", "Fill it in."),
    ),
    (
        "string",
        Bilingual("须是文字。", "This must be text."),
        Bilingual("请加引号。", "Put it into quotation marks."),
    ),
    (
        "too_short",
        Bilingual("至少要有 {min_length} 项。", "At least {min_length} is needed."),
        Bilingual("请补上。", "Add it."),
    ),
    (
        "tuple",
        Bilingual("须是列表。", "This must be a list."),
        Bilingual("请写成 [ … ]。", "Write [ … ]."),
    ),
    (
        "frozen_set",
        Bilingual("须是列表。", "This must be a list."),
        Bilingual("请写成 [ … ]。", "Write [ … ]."),
    ),
    (
        "model",
        Bilingual("须是一个表。", "This must be a table."),
        Bilingual("请写成 [名称] 加若干行。", "Write [name] and lines below it."),
    ),
)
