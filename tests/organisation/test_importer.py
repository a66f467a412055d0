"""A file of organisations: each mistake with its line; all is kept, or nothing."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from hub.organisation import mistakes
from hub.organisation.importer import import_organisations
from hub.organisation.mistakes import COLUMNS
from hub.organisation.ports import Imported
from schema.records.refusal import Refused
from tests.organisation.trees import CITY, COUNTY, FIRM, PROVINCE, TREE, one


class Memory:
    """Keeps organisations for as long as a test."""

    def __init__(self, rows=()):
        self.kept = {(row.code, row.valid_from): row for row in rows}

    async def import_many(self, rows):
        before = dict(self.kept)
        self.kept |= {(row.code, row.valid_from): row for row in rows}
        created = len(self.kept) - len(before)
        same = sum(before.get((row.code, row.valid_from)) == row for row in rows)
        return Imported(created, len(rows) - created - same, same)

    async def all(self):
        return list(self.kept.values())


def csv(*rows) -> str:
    lines = [
        ",".join(str(value or "") for value in (getattr(r, c) for c in COLUMNS))
        for r in rows
    ]
    return "\n".join([",".join(COLUMNS), *lines, ""])


@pytest.fixture
def importing(tmp_path):
    async def run(text: str | bytes, store):
        file = tmp_path / "organisations.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return await import_organisations(file, store)

    return run


async def test_a_file_is_kept_and_changes_nothing_the_second_time(importing):
    store = Memory()
    project = one(
        "project", "county", kind="PROJECT_UNION", landing="township",
        planned_end=date(2027, 6, 30), valid_to=date(2027, 7, 1),
    )  # fmt: skip

    first = await importing(csv(*TREE, project), store)
    again = await importing("\ufeff" + csv(*TREE, project), store)

    assert first.imported == Imported(len(TREE) + 1, 0, 0)
    assert again.imported == Imported(0, 0, len(TREE) + 1)
    assert list(store.kept.values()) == [*TREE, project]


async def test_it_is_told_which_unions_a_file_closes(importing):
    store = Memory(TREE)
    firm = next(row for row in TREE if row.code == FIRM.code)

    done = await importing(csv(replace(firm, valid_to=date(2027, 6, 1))), store)
    again = await importing(csv(firm), store)

    assert done.imported is not None, done.mistakes
    assert done.closed == (firm.code,)
    assert again.closed == ()


async def test_the_order_of_lines_does_not_count(importing):
    assert (await importing(csv(*TREE[::-1]), Memory())).imported.created == len(TREE)


async def test_a_part_is_taken_where_its_parents_are_kept(importing):
    done = await importing(csv(replace(FIRM, name="新名")), Memory(TREE))

    assert done.imported == Imported(0, 1, 0)


async def test_every_mistake_of_the_tree_is_told_with_its_line_and_nothing_is_kept(
    importing,
):
    store = Memory()
    rows = [PROVINCE, one("x", "nobody"), CITY, replace(COUNTY, parent=None)]

    done = await importing(csv(*rows), store)

    assert [(m.line, m.code, m.refusal) for m in done.mistakes] == [
        (3, "x", mistakes.PARENT_UNKNOWN),
        (5, "county", mistakes.NO_PARENT),
    ]
    assert done.imported is None
    assert store.kept == {}


async def test_a_line_is_blamed_when_what_is_kept_does_not_fit_to_it_any_more(
    importing,
):
    ended = replace(COUNTY, valid_to=date(2026, 1, 1))

    done = await importing(csv(ended), Memory(TREE))

    assert {(m.line, m.code, m.refusal) for m in done.mistakes} == {
        (None, "firm", mistakes.PARENT_NOT_STANDING),
        (None, "township", mistakes.PARENT_NOT_STANDING),
    }


GOOD = "firm,广州公司工会,44,440106,GRASSROOTS,county,2000-01-01,,,"
BAD = [
    (GOOD.replace("firm", ""), mistakes.BAD_CODE),
    (GOOD.replace("firm", "x" * 65), mistakes.BAD_CODE),
    (GOOD.replace("county", "x" * 65), mistakes.BAD_CODE),
    (GOOD.replace("firm", "a\u200bb"), mistakes.BAD_CODE),
    (GOOD.replace("firm", "81440106MA5C0Y1A00"), mistakes.BAD_CREDIT_CODE),
    (GOOD.replace("广州公司工会", ""), mistakes.BAD_NAME),
    (GOOD.replace("广州公司工会", "长" * 201), mistakes.BAD_NAME),
    (GOOD.replace("44,", "4,", 1), mistakes.BAD_PROVINCE),
    (GOOD.replace("44,", "４４,", 1), mistakes.BAD_PROVINCE),
    (GOOD.replace("440106", "4401"), mistakes.BAD_DIVISION),
    (GOOD.replace("440106", "44010a"), mistakes.BAD_DIVISION),
    (GOOD.replace("GRASSROOTS", "GUILD"), mistakes.UNKNOWN_KIND),
    (GOOD.replace("2000-01-01", ""), mistakes.BAD_DATE),
    (GOOD.replace("2000-01-01", "2000-1-1"), mistakes.BAD_DATE),
    (GOOD.replace("2000-01-01", "2000-02-30"), mistakes.BAD_DATE),
    (GOOD.replace("2000-01-01", "2000-W01-1"), mistakes.BAD_DATE),
    (GOOD + ",", mistakes.WRONG_COLUMNS),
    ("just words", mistakes.WRONG_COLUMNS),
    (GOOD.replace("广州", '"广州'), mistakes.NOT_CSV),
]


@pytest.mark.parametrize(("line", "why"), BAD, ids=range(len(BAD)))
async def test_a_line_that_cannot_be_read_is_told_and_those_after_it_are_read(
    importing, line, why
):
    text = csv(*TREE[:3]) + f"{line}\r\n\r\n{GOOD}\r\nanother\r\n"
    store = Memory()

    done = await importing(text, store)

    assert [(m.line, m.refusal) for m in done.mistakes] == [
        (5, why),
        (8, mistakes.WRONG_COLUMNS),
    ]
    assert store.kept == {}


async def test_quoted_cells_are_whole(importing):
    text = csv(*TREE[:3]) + GOOD.replace("广州公司工会", '"甲, ""乙"" 工会"') + "\n"
    store = Memory()

    await importing(text, store)

    assert store.kept["firm", date(2000, 1, 1)].name == '甲, "乙" 工会'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", mistakes.WRONG_HEADER),
        (b"code,name\n", mistakes.WRONG_HEADER),
        (csv(*TREE).encode("utf-16"), mistakes.NOT_UTF8),
        (csv(*TREE).encode("gb18030"), mistakes.NOT_UTF8),
        (csv(), mistakes.NO_ROWS),
    ],
    ids=["empty", "columns", "utf-16", "gb18030", "no rows"],
)
async def test_what_is_no_file_of_organisations_is_refused(importing, content, why):
    with pytest.raises(Refused) as caught:
        await importing(content, Memory())

    assert caught.value.refusal == why
