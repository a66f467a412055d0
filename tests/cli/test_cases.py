"""``cases clocks`` on a real database, and ``cases picture``."""

from __future__ import annotations


def test_the_clocks_of_no_case_are_nothing_to_do(hub, database_url):
    done = hub("cases", "clocks", database=database_url)

    assert done.exit_code == 0, done.stderr
    assert (
        done.stdout == "未结案件 / open cases: 0；期限有变 / with other due dates: 0\n"
    )


def test_without_a_database_it_says_so(hub):
    done = hub("cases", "clocks")

    assert done.exit_code not in {0, 2}
    assert "PostgreSQL" in done.stderr


def test_the_picture_is_drawn_from_the_code(hub):
    done = hub("cases", "picture", "--language", "en")

    assert done.exit_code == 0
    assert done.stdout.startswith("stateDiagram-v2")
    assert "OPEN --> HANDING_OVER : hand-over offered" in done.stdout
