"""What the graph tells gateways: directives, and older versions of Federation."""

from __future__ import annotations

import re

import pytest
from graphql import build_ast_schema, parse

from schema.graph.build import build_schema
from schema.graph.older import for_version
from schema.records.kinds import KINDS
from schema.records.refusal import Refused

SDL = build_schema().as_str()


def of(line):
    """The directives of the first line that begins so."""
    found = re.search(rf"^ *{re.escape(line)}.*$", SDL, re.MULTILINE)
    assert found, line
    return set(re.findall(r"@\w+", found[0]))


def test_every_directive_in_use_is_imported_and_no_other():
    imported = re.search(r"@link\(.*?import: \[(.*?)\]", SDL, re.DOTALL)[1]
    used = set(re.findall(r" (@\w+)", SDL.partition("{")[2])) - {"@oneOf"}

    assert set(re.findall(r'"(@\w+)"', imported)) == used
    assert used == {
        *("@key", "@shareable", "@tag", "@authenticated"),
        *("@requiresScopes", "@cost", "@listSize"),
    }


def test_a_gateway_can_refuse_early_whom_the_hub_would_refuse():
    assert {"@authenticated", "@requiresScopes", "@key"} <= of("type Worker ")
    assert 'scopes: [["links:write"]]' in SDL
    assert SDL.count('scopes: [["worker:read"], ["audit:read"], ["self:read"]]') == 3


def test_a_case_is_an_entity_by_its_number_and_tells_of_persons():
    assert {"@authenticated", "@requiresScopes", "@key", "@tag"} <= of("type Case ")
    assert '@key(fields: "no")' in SDL
    assert SDL.count('scopes: [["cases:write"]]') >= 25, "each act, and the preview"


@pytest.mark.parametrize(
    "name", ["Source", "Completeness", "Fault", "Conflict", "Withheld", "Refusal"]
)
def test_what_means_the_same_everywhere_may_be_served_by_others_too(name):
    assert "@shareable" in of(f"type {name} ")


def test_all_that_tells_of_a_person_is_tagged():
    for name in (
        *("Worker", "Membership", "RightsCase", "Skill"),
        *("Training", "Employment", "HardshipFile", "Aid"),
    ):
        assert "@tag" in of(f"type {name} "), name
    numbers = [x for x in SDL.splitlines() if x.strip().startswith("residentId")]
    assert len(numbers) == 2
    assert all('@tag(name: "personal")' in one for one in numbers)


def test_a_field_of_another_class_than_its_kind_is_tagged_with_it():
    expected = sum(len(line.exceptions) for line in KINDS.values())
    tags = re.findall(r'^  \w+: .*@tag\(name: "([a-z-]+)"\)', SDL, re.MULTILINE)

    assert expected > 0
    assert len([tag for tag in tags if tag != "personal"]) == expected


@pytest.mark.parametrize(
    ("version", "left"),
    [
        ("2.9", {"authenticated", "requiresScopes", "cost", "listSize"}),
        ("2.8", {"authenticated", "requiresScopes"}),
        ("2.5", {"authenticated", "requiresScopes"}),
        ("2.4", set()),
        ("2.0", set()),
    ],
)
def test_an_older_version_lacks_what_it_does_not_know(version, left):
    older = for_version(SDL, version)
    found = set(re.findall(r"@(authenticated|requiresScopes|cost|listSize)\b", older))

    assert found == left
    assert f"federation/v{version}" in older
    assert {"@key", "@shareable", "@tag"} <= set(re.findall(r'"(@\w+)"', older))


def test_an_older_version_has_the_same_types_fields_and_words():
    def shape(sdl):
        made = build_ast_schema(parse(sdl), assume_valid=True, assume_valid_sdl=True)
        return {
            (name, part): (str(field.type), field.description)
            for name, one in made.type_map.items()
            if not name.startswith("__")
            for part, field in getattr(one, "fields", {}).items()
        }

    assert shape(for_version(SDL, "2.0")) == shape(SDL)


@pytest.mark.parametrize("version", ["", "3.0", "2.10", "2.99", "v2.4", "2"])
def test_a_version_that_is_not_known_is_refused_with_the_way_to_mend_it(version):
    with pytest.raises(Refused) as refused:
        for_version(SDL, version)

    assert refused.value.refusal.code == "NO_SUCH_FEDERATION"
    assert "2.4" in refused.value.refusal.remedy.zh
