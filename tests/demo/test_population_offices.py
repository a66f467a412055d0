"""The population's unions make a tree that the hub takes as it is."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date

import pytest

from deploy.demo.issuer import PEOPLE, Role
from deploy.demo.population.building import build, read_manifest
from deploy.demo.population.places import city_name
from deploy.demo.population.shares import PROVINCES
from hub.organisation.directory import Directory
from hub.organisation.lines import organisations
from hub.organisation.organisation import Organisation
from schema.records.membership import OrganisationKind as Kind

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    directory = tmp_path_factory.mktemp("population") / "data"
    return directory, build(directory, 200, 7)


@pytest.fixture(scope="module")
def rows(built):
    read = organisations((built[0] / "organisations.csv").read_bytes())
    return [row for _, row in read]


def test_every_line_can_be_read_and_the_manifest_counts_them(built, rows):
    assert all(isinstance(row, Organisation) for row in rows)
    assert len(rows) == built[1].organisations > 3000


def test_the_officers_of_the_demo_act_for_every_union_that_has_members(built, rows):
    there = Directory(rows)
    seen = 0
    for province in PROVINCES:
        with closing(sqlite3.connect(built[0] / f"{province}.sqlite")) as file:
            found = file.execute(
                "SELECT DISTINCT union_code, union_division FROM membership"
            )
            for union, division in found.fetchall():
                seen += 1
                assert there.acts_for(f"{province}0000-01", union, TODAY)
                assert there.get(union, TODAY).division == division
                assert there.residence(division, TODAY).kind is Kind.VILLAGE
    assert seen > 100
    for role in (Role.INFLOW, Role.OUTFLOW):
        assert there.get(PEOPLE[role].office, TODAY).kind is Kind.PROVINCE


def test_a_county_is_under_its_city_and_a_site_has_an_end(rows):
    there = Directory(rows)

    assert there.acts_for("440100-01", "440106-01", TODAY)
    assert there.get("440100-01", TODAY).name == "广州市总工会"
    sites = [row for row in rows if row.kind is Kind.PROJECT_UNION]
    assert sites
    assert all(row.planned_end > TODAY for row in sites)


def test_what_is_no_city_has_no_name():
    assert city_name("440100") == "广州市"
    assert city_name("110100") == ""
    assert city_name("449900") == ""


def test_a_population_without_unions_is_replaced(tmp_path):
    place = tmp_path / "data"
    build(place, 10, 7)
    manifest = place / "manifest.json"
    told = json.loads(manifest.read_text())
    del told["organisations"]
    manifest.write_text(json.dumps(told | {"version": 1}))
    (place / "organisations.csv").unlink()

    build(place, 10, 7)

    assert (place / "organisations.csv").exists()
    assert read_manifest(place).version == 2
