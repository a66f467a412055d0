"""What files and interfaces tell of themselves: names, codes, and how rows are asked for."""

from __future__ import annotations

import json

import pytest
from graphql import build_schema
from graphql.utilities import introspection_from_schema
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.drafting.heads import of_header, of_lines
from connectors.drafting.introspection import of_introspection
from connectors.drafting.mapping_draft import draft
from connectors.drafting.openapi import of_openapi
from connectors.foreign.settings import ForeignPagingSettings, RootSettings
from connectors.mapping.mapping import Mapping
from schema.records.kinds import RecordKind
from schema.records.refusal import Refused


def columns(tables, kind):
    made = Mapping.load(draft(tables).text.encode(), "draft")
    return {field: of[0] for field, of in made.kind(kind).columns.items()}


@pytest.mark.parametrize(
    "text",
    ["职工编号,姓名\r\n1,张三".encode("utf-8-sig"), "职工编号,姓名\n".encode("gb18030"),
     '职工编号;"姓名"'.encode(), "职工编号\t姓名".encode()],
    ids=["excel", "gb18030", "semicolons", "tabs"],
)  # fmt: skip
def test_the_head_of_a_file_is_read_in_both_encodings(text):
    assert [one.name for one in of_header("x.csv", text).columns] == [
        "职工编号",
        "姓名",
    ]


def test_lines_of_json_tell_names_in_any_of_the_first_lines_and_no_values():
    text = (
        '\ufeff{"zgbh": "1", "home": {"hjd": "4403"}}\n{"xm": "张三", "zgbh": "2"}\n{"x'
    )
    seen = of_lines("people.jsonl", text.encode())
    assert [one.name for one in seen.columns] == ["zgbh", "home.hjd", "xm"]


OPENAPI = {
    "paths": {
        "/v1/workers/{id}": {
            "get": {
                "summary": "职工信息",
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}},
            },
            "post": {},
        }
    },
    "components": {
        "schemas": {
            "Page": {"properties": {"rows": {"type": "array", "items": {"$ref": "#/components/schemas/Worker"}}}},
            "Worker": {
                "properties": {
                    "id": {"type": "string"}, "xm": {"description": "姓名"},
                    "home": {"properties": {"division": {"description": "户籍行政区划"}}},
                    "boss": {"$ref": "#/components/schemas/Worker"},
                }
            },
        }
    },
}  # fmt: skip


def test_what_an_interface_describes_is_read_with_paths_into_its_objects():
    (seen,) = of_openapi(json.dumps(OPENAPI).encode()).tables
    assert seen.name == "/v1/workers/{key}"
    assert [one.name for one in seen.columns][:3] == ["id", "xm", "home.division"]
    assert dict(seen.own) == {"keys_in": "path", "rows_at": "rows"}
    assert columns([seen], RecordKind.WORKER)["household_division"] == "home.division"


SWAGGER = """
swagger: "2.0"
host: api.js.example
basePath: /gonghui
schemes: [https]
securityDefinitions:
  key: {type: apiKey, in: header, name: X-Api-Key}
  oauth: {type: oauth2, flow: application, tokenUrl: https://id.js.example/token}
paths:
  /hy/query:
    post:
      summary: 会员
      parameters:
        - in: body
          name: body
          schema:
            properties: {zgbhs: {type: array, items: {type: string}}}
      responses:
        200: {schema: {$ref: '#/definitions/Answer'}}
    parameters: []
  /zg:
    get:
      parameters:
        - {in: query, name: ids, type: array}
        - {in: query, name: pageNum, type: integer}
        - {in: query, name: pageSize, type: integer}
      responses:
        200: {schema: {type: array, items: {$ref: '#/definitions/Person'}}}
  /zg/delete:
    post:
      responses:
        200: {schema: {properties: {xm: {}, xb: {}}}}
definitions:
  Answer:
    properties:
      code: {type: integer}
      data: {properties: {total: {type: integer}, list: {type: array, items: {$ref: '#/definitions/Member'}}}}
  Member:
    properties:
      zgbh: {description: 职工编号}
      hyzh: {description: 会员证号, example: "440300199001011234"}
      zt: {description: 会员状态, enum: ["10", "20"]}
  Person:
    allOf:
      - properties: {zgbh: {}, xm: {description: 姓名}}
      - properties: {xb: {enum: ["男", "女"]}}
"""


def test_an_older_description_in_yaml_is_read_with_all_that_settings_want():
    told = of_openapi(SWAGGER.encode())
    assert told.url == "https://api.js.example/gonghui"
    assert dict(told.rest) == {
        "api_key_header": "X-Api-Key",
        "oauth": {"token_url": "https://id.js.example/token"},
    }
    members, people = told.tables
    assert members.paging == ()
    assert dict(people.paging) == {
        "style": "page", "parameter": "pageNum", "size_parameter": "pageSize",
    }  # fmt: skip
    assert dict(members.own) == {
        "keys_in": "body", "keys_parameter": "zgbhs", "rows_at": "data.list",
    }  # fmt: skip
    assert dict(people.own) == {"keys_in": "query", "keys_parameter": "ids"}
    assert [one.name for one in people.columns] == ["zgbh", "xm", "xb"]
    text = draft(told.tables).text
    assert '"男" = "MALE"' in text
    assert "440300199001011234" not in text


def test_a_description_that_unfolds_without_end_is_given_up():
    layers = "\n".join(
        f"  l{n}: &l{n} {{allOf: [{', '.join([f'*l{n - 1}'] * 30)}]}}" if n else "  l0: &l0 {type: object}"
        for n in range(12)
    )  # fmt: skip
    text = f"x:\n{layers}\npaths:\n  /zg:\n    get:\n      responses:\n        200:\n          schema: *l11\n"
    with pytest.raises(Refused):
        of_openapi(text.encode())


FOREIGN = """
type Query {
  "职工信息"
  zgxx(zgbh: [String!]!, first: Int, after: String): ZgPage!
  "会员"
  hyList(limit: Int, where: HyBool): [Hy!]!
  zgOne(id: ID!): Zg
  version: String
}
input HyBool { _and: [HyBool!], zgbh: Among }
input Among { _in: [String!] }
type ZgPage { total: Int, edges: [Edge!]!, pageInfo: PageInfo! }
type PageInfo { hasNextPage: Boolean!, endCursor: String }
type Edge { cursor: String, node: Zg }
type Zg {
  "职工编号" zgbh: String!
  "姓名" xm: String
  xb: Xb
  jt: Home
  hidden(with: Int!): String
  hy: [Hy!]!
}
type Home { "户籍地" hjd: String }
enum Xb { "男" M "女" F }
type Hy { "职工编号" zgbh: String "会员证号" hyzh: String "会员状态" zt: String boss: Hy }
"""


def introspected(sdl):
    told = introspection_from_schema(build_schema(sdl))
    return json.dumps({"data": told}, ensure_ascii=False).encode()


def test_the_rows_that_root_fields_answer_with_are_found_behind_pages():
    told = of_introspection(introspected(FOREIGN)).roots
    roots = {one.seen.name: one for one in told}
    assert set(roots) == {"zgxx", "hyList", "zgOne"}
    many = roots["zgxx"]
    assert dict(many.seen.own) == {"keys": "zgbh: [String!]!", "rows_at": "edges.node"}
    assert dict(many.seen.paging) == {
        "style": "cursor", "parameter": "after: String", "at": "pageInfo.endCursor", "more_at": "pageInfo.hasNextPage",
        "size_parameter": "first: Int",
    }  # fmt: skip
    assert [one.name for one in many.seen.columns] == ["zgbh", "xm", "xb", "jt.hjd"]
    assert dict(roots["hyList"].seen.own) == {"keys": "where.zgbh._in: [String!]"}
    assert dict(roots["zgOne"].seen.own) == {"keys": "id: ID!"}
    seen = [one.seen for one in (roots["zgxx"], roots["hyList"])]
    for one in told:
        RootSettings.model_validate(dict(one.seen.own))
        ForeignPagingSettings.model_validate(dict(one.seen.paging))
    worker = columns(seen, RecordKind.WORKER)
    assert (worker["household_division"], worker["sex"]) == ("jt.hjd", "xb")
    assert '"F" = "FEMALE"' in draft(seen).text


def test_an_enum_of_letters_is_read_as_what_it_says():
    bare = FOREIGN.replace('enum Xb { "男" M "女" F }', "enum Xb { M F }")
    seen = [one.seen for one in of_introspection(introspected(bare)).roots]
    text = draft(seen).text
    assert '"M" = "MALE"' in text
    assert '"F" = "FEMALE"' in text


def test_a_service_that_serves_the_contract_is_known():
    with open("schema/province.graphql", encoding="utf-8") as file:  # noqa: PTH123
        sdl = file.read()
    told = introspection_from_schema(build_schema(sdl, assume_valid_sdl=True))
    told["__schema"]["types"][0]["fields"] = [{"name": "_entities"}]
    names = {one["name"] for one in told["__schema"]["types"]}
    assert "Worker" in names
    told["__schema"]["queryType"] = {"name": told["__schema"]["types"][0]["name"]}
    assert of_introspection(json.dumps(told).encode()).contract


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from(["x", "#/paths", "#/"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["paths", "get", "responses", "200", "content", "application/json", "schema",
                         "$ref", "items", "properties", "allOf", "data", "__schema", "types", "name", "fields", "args", "type", "kind",
                         "ofType", "queryType", "servers", "parameters", "in", "securityDefinitions", "flows", "enum"]),
        inner, max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(_JSON | st.binary(max_size=40))
def test_a_description_is_read_or_refused_and_nothing_else(told):
    text = told if isinstance(told, bytes) else json.dumps(told).encode()
    for read_it in (
        of_openapi,
        of_introspection,
        lambda one: of_header("x", one),
        lambda one: of_lines("x", one),
    ):
        try:
            read_it(text)
        except Refused as refused:
            assert refused.refusal.code == "DESCRIPTION_NOT_READABLE"  # noqa: PT017
