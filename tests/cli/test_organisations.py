"""``organisations import``: into a real database, all or nothing, told in both languages."""

from __future__ import annotations

from hub.organisation.mistakes import COLUMNS

HEAD = ",".join(COLUMNS)
TOP = "440000-01,广东省总工会,44,440000,PROVINCE,,2000-01-01,,,"
COUNTY = "440106-01,天河区总工会,44,440106,COUNTY,440000-01,2000-01-01,,,"


def written(tmp_path, *lines):
    file = tmp_path / "organisations.csv"
    file.write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
    return file


def test_unions_are_registered_and_a_second_time_changes_nothing(
    hub, database_url, tmp_path
):
    first = hub(
        "organisations", "import", written(tmp_path, TOP), database=database_url
    )
    file = written(tmp_path, TOP.replace("广东省", "粤"), COUNTY)
    second = hub("organisations", "import", file, database=database_url)
    third = hub("organisations", "import", file, database=database_url)

    assert [one.exit_code for one in (first, second, third)] == [0, 0, 0]
    assert "新建 CREATED" in first.stdout
    counts = [
        [line.split()[-2] for line in done.stdout.splitlines() if "│" in line]
        for done in (first, second, third)
    ]
    assert counts == [["1", "0", "0"], ["1", "1", "0"], ["0", "0", "2"]]


def test_one_mistake_and_nothing_is_registered(hub, database_url, tmp_path):
    orphan = COUNTY.replace("440000-01", "nobody")

    wrong = hub(
        "organisations", "import", written(tmp_path, TOP, orphan), database=database_url
    )
    right = hub(
        "organisations", "import", written(tmp_path, TOP), database=database_url
    )

    assert wrong.exit_code == 1
    for told in (
        "PARENT_UNKNOWN",
        "440106-01",
        " 3 ",
        "上级组织既不在文件中",
        "未登记",
    ):
        assert told in wrong.stderr
    assert "The parent is neither in the file" in wrong.stderr
    assert "1" in right.stdout.split("CREATED")[1].splitlines()[0]


def test_many_mistakes_are_not_all_shown(hub, database_url, tmp_path):
    file = written(tmp_path, *["nothing"] * 60)

    done = hub("organisations", "import", file, database=database_url)

    assert done.exit_code == 1
    assert done.stderr.count("WRONG_COLUMNS") == 50
    assert "and 10 more" in done.stderr


def test_a_file_that_is_not_there_is_told_in_both_languages(
    hub, database_url, tmp_path
):
    done = hub("organisations", "import", tmp_path / "none.csv", database=database_url)

    assert done.exit_code == 1
    assert "找不到文件" in done.stderr
    assert "does not exist" in done.stderr


def test_no_database_is_told(hub, tmp_path):
    done = hub("organisations", "import", written(tmp_path, TOP))

    assert done.exit_code == 1
    assert "database" in done.stderr


def test_twenty_thousand_unions_are_registered_in_seconds(hub, database_url, tmp_path):
    unions = [
        f"u{n},工会{n},44,440106,GRASSROOTS,440106-01,2000-01-01,,,"
        for n in range(20_000)
    ]

    done = hub(
        "organisations",
        "import",
        written(tmp_path, TOP, COUNTY, *unions),
        database=database_url,
    )

    assert done.exit_code == 0
    assert "20002" in done.stdout


def test_what_a_file_closes_is_said_and_what_closes_soon_is_listed(
    hub, database_url, tmp_path
):
    soon = COUNTY.replace("2000-01-01,,,", "2000-01-01,2999-12-30,,")
    late = soon.replace("440106-01", "440106-02").replace(
        ",2999-12-30,,", ",,2020-01-01,"
    )

    kept = hub(
        "organisations", "import", written(tmp_path, TOP, soon, late),
        database=database_url,
    )  # fmt: skip
    listed = hub("organisations", "ending", "--within", "0", database=database_url)

    assert kept.exit_code == 0, kept.stderr
    assert "1 unions have a last day" in kept.stderr
    assert [line.split(",")[:2] for line in listed.stdout.splitlines()] == [
        ["ends_on", "code"],
        ["2020-01-01", "440106-02"],
    ]
