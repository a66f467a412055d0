"""Settings: everything read, every mistake told at once, no secret shown."""

from __future__ import annotations

import tomllib
from datetime import timedelta

import pytest

from hub.config.load import find_file, load, load_province
from hub.config.mistakes import BadSettings
from hub.config.show import as_toml

SECRETS = {
    "HUB_DATABASE_URL": "postgresql://hub:s3cr3t@127.0.0.1/hub",
    "HUB_WORKER_KEY_1": "00112233445566778899aabbccddeeff0123456789abcdef" * 2,
    "HUB_BEARER_44": "t0k3n-of-guangdong",
}
GOOD = """
[server]
port = 9000
[database]
url_env = "HUB_DATABASE_URL"
[worker_keys]
versions = [{ version = 1, secret_env = "HUB_WORKER_KEY_1" }]
[policy]
directory = "policies"
[[issuers]]
issuer = "https://id.example"
audience = "hub"
jwks_url = "https://id.example/jwks.json"
provinces = ["*"]
scopes = ["worker:read"]
[defaults]
deadline = "3s"
concurrency = 8
[defaults.retry]
attempts = 3
"""
GUANGDONG = """
name_zh = "广东"
name_en = "Guangdong"
url = "https://gd.example/graphql"
bearer_env = "HUB_BEARER_44"
[retry]
first_wait = "20ms"
"""
ZHEJIANG = """
code = "33"
name_zh = "浙江"
name_en = "Zhejiang"
url = "http://127.0.0.1:8033/graphql"
deadline = "1s"
"""


@pytest.fixture
def written(tmp_path):
    """Write settings; returns the path of the main file."""

    def write(hub=GOOD, **provinces):
        (tmp_path / "policies").mkdir(exist_ok=True)
        (tmp_path / "provinces").mkdir(exist_ok=True)
        for code, text in (provinces or {"p44": GUANGDONG, "p33": ZHEJIANG}).items():
            (tmp_path / "provinces" / f"{code[1:]}.toml").write_text(text, "utf-8")
        (tmp_path / "hub.toml").write_text(hub, "utf-8")
        return tmp_path / "hub.toml"

    return write


def mistakes(file, environment=SECRETS):
    with pytest.raises(BadSettings) as bad:
        load(file, environment)
    return {(one.file.rpartition("/")[2], one.key): one for one in bad.value.mistakes}


def test_defaults_reach_every_province_and_a_province_overrides_them(written):
    settings = load(written(), SECRETS)
    zhejiang, guangdong = settings.provinces

    assert (zhejiang.code, guangdong.code) == ("33", "44")
    assert guangdong.deadline == timedelta(seconds=3)
    assert zhejiang.deadline == timedelta(seconds=1)
    assert (guangdong.concurrency, zhejiang.concurrency) == (8, 8)
    assert guangdong.retry.attempts == 3
    assert guangdong.retry.first_wait == timedelta(milliseconds=20)
    assert zhejiang.retry.first_wait == timedelta(milliseconds=50)


def test_paths_are_relative_to_the_file_that_they_stand_in(written, tmp_path):
    assert load(written(), SECRETS).policy.directory == tmp_path / "policies"


def test_settings_are_frozen(written):
    settings = load(written(), SECRETS)

    with pytest.raises(ValueError, match="frozen"):
        settings.server.port = 1


def test_the_environment_overrides_the_files(written):
    environment = SECRETS | {
        "HUB__SERVER__PORT": "9100",
        "HUB__SERVER__INTROSPECTION": "true",
        "HUB__LIMITS__EXECUTION": "2s",
        "HUB__DEFAULTS__CONCURRENCY": "5",
        "HUB__ISSUERS__0__AUDIENCE": "another",
        "HUB__PROVINCES__44__URL": "https://elsewhere.example/graphql",
        "HUB__PROVINCES__44__RETRY__ATTEMPTS": "1",
    }
    settings = load(written(), environment)
    zhejiang, guangdong = settings.provinces

    assert (settings.server.port, settings.server.introspection) == (9100, True)
    assert settings.limits.execution == timedelta(seconds=2)
    assert settings.issuers[0].audience == "another"
    assert zhejiang.concurrency == 5
    assert guangdong.url == "https://elsewhere.example/graphql"
    assert guangdong.retry.attempts == 1


def test_all_mistakes_of_all_files_are_told_at_once(written):
    hub = (
        GOOD.replace("port = 9000", 'prot = 9000\nport = "many"')
        .replace('deadline = "3s"', 'deadline = 3\ndaedline = "3s"')
        .replace("[policy]", "[polcy]\nx = 1\n[policy]")
        .replace('audience = "hub"\n', "")
    )
    found = mistakes(
        written(
            hub,
            p44=GUANGDONG + "\n[breaker]\nopen_fro = '1s'\n",
            p33=ZHEJIANG.replace("http://127.0.0.1:8033", "ftp://x"),
            p51="name_zh = ",
        ),
        SECRETS | {"HUB__SERVER__KEEP_ALIVE": "90"},
    )

    assert set(found) == {
        ("hub.toml", "server.prot"),
        ("hub.toml", "server.port"),
        ("hub.toml", "server.keep_alive"),
        ("hub.toml", "polcy"),
        ("hub.toml", "issuers[0].audience"),
        ("hub.toml", "defaults.daedline"),
        ("hub.toml", "defaults.deadline"),
        ("44.toml", "breaker.open_fro"),
        ("33.toml", "url"),
        ("51.toml", ""),
    }
    for one in found.values():
        assert one.message.zh
        assert one.message.en
        assert one.remedy.zh
        assert one.remedy.en


@pytest.mark.parametrize(
    ("change", "key", "guess"),
    [
        (("[server]", "[server]\nhosst = '::'"), "server.hosst", "host"),
        (("[database]", "[database]\nurl_evn = 'X'"), "database.url_evn", "url_env"),
        (("[server]", "[limit]\ncost = 1\n[server]"), "limit", "limits"),
        (("attempts = 3", "atempts = 3"), "defaults.retry.atempts", "attempts"),
        (("deadline =", "dead_line ="), "defaults.dead_line", "deadline"),
        (('issuer = "h', 'isuer = "h'), "issuers[0].isuer", "issuer"),
    ],
)
def test_an_unknown_key_is_refused_with_a_guess(written, change, key, guess):
    found = mistakes(written(GOOD.replace(*change)))

    assert f"Did you mean {guess}?" in found["hub.toml", key].remedy.en


def test_what_is_a_provinces_own_has_no_default(written):
    found = mistakes(
        written(GOOD.replace("[defaults]", "[defaults]\nurl = 'http://x'"))
    )

    assert ("hub.toml", "defaults.url") in found


def test_missing_secrets_are_mistakes_and_name_the_variable(written):
    found = mistakes(written(), {})

    assert {key for _, key in found} == {
        "database.url_env",
        "worker_keys.versions[0].secret_env",
        "bearer_env",
    }
    assert "HUB_BEARER_44" in found["44.toml", "bearer_env"].message.zh


def test_an_unusable_secret_is_a_mistake_that_does_not_repeat_it(written):
    bad = SECRETS | {"HUB_WORKER_KEY_1": "abcd", "HUB_DATABASE_URL": "mysql://pw@x"}
    found = mistakes(written(), bad)

    assert set(found) == {("hub.toml", "worker_keys"), ("hub.toml", "database")}
    assert "abcd" not in str(found)
    assert "mysql" not in str(found)


def test_files_that_are_named_must_be_there(written):
    hub = GOOD.replace('"policies"', '"nowhere"').replace(
        "[[issuers]]", "[[issuers]]\nca_file = 'no.pem'"
    )
    found = mistakes(written(hub))

    assert ("hub.toml", "policy.directory") in found
    assert ("hub.toml", "issuers[0].ca_file") in found


def test_a_province_stands_in_one_file_of_its_own_name(written):
    found = mistakes(written(p44=GUANGDONG, p45=GUANGDONG + 'code = "44"\n'))

    assert found["45.toml", ""].message.en if ("45.toml", "") in found else True
    assert "45.toml" in {file for file, _ in found}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "does not exist"),
        (b"\xff\xfe", "cannot be read"),
        (b"[server\n", "not valid TOML"),
        (b"port = 1\nport = 2", "not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_so(tmp_path, content, words):
    file = tmp_path / "hub.toml"
    if content is not None:
        file.write_bytes(content)

    (mistake,) = mistakes(file).values()
    assert words in mistake.message.en


def test_an_empty_file_is_told_everything_that_it_lacks(tmp_path):
    (tmp_path / "hub.toml").write_text("")

    keys = {key for _, key in mistakes(tmp_path / "hub.toml")}
    assert keys == {"database", "worker_keys", "issuers", "policy", "provinces_dir"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("HUB__SERVER__PORT__X", "1"), ("HUB__ISSUERS__7__ISSUER", "x"), ("HUB__", "1")],
)
def test_a_variable_that_names_no_place_is_a_mistake(written, name, value):
    files = {file for file, _ in mistakes(written(), SECRETS | {name: value})}

    assert files == {name}


def test_a_variable_for_a_province_without_a_file_is_a_mistake(written):
    found = mistakes(written(), SECRETS | {"HUB__PROVINCES__99__URL": "x"})

    assert "99" in str(found)


def test_the_effective_settings_are_shown_without_secrets(written):
    settings = load(written(), SECRETS)
    shown = as_toml(settings, SECRETS)

    for secret in SECRETS.values():
        assert secret not in shown
    assert 'url_env = "HUB_DATABASE_URL"  # set' in shown
    assert "port = 9000" in shown
    assert 'deadline = "3s"' in shown
    assert "[provinces.44]" in shown


def test_a_database_address_in_the_file_is_masked(written):
    hub = GOOD.replace(
        'url_env = "HUB_DATABASE_URL"', 'url = "postgresql://hub:s3cr3t@db/hub"'
    )
    shown = as_toml(load(written(hub), SECRETS), SECRETS)

    assert "s3cr3t" not in shown
    assert 'url = "********"' in shown


def test_what_is_shown_is_toml_and_says_the_same_again(written):
    settings = load(written(), SECRETS)
    table = tomllib.loads(as_toml(settings, SECRETS))

    assert table["server"]["port"] == 9000
    assert table["provinces"]["33"]["deadline"] == "1s"
    assert table["issuers"][0]["audience"] == "hub"


def test_the_file_is_the_one_given_or_named_or_the_usual():
    assert str(find_file("a.toml", {"HUB_CONFIG": "b.toml"})) == "a.toml"
    assert str(find_file(None, {"HUB_CONFIG": "b.toml"})) == "b.toml"
    assert str(find_file(None, {})) == "hub.toml"


PROVINCE = (
    'name_zh = "广东"\nname_en = "Guangdong"\nurl = "https://gd.example/graphql"\n'
)


def test_a_province_is_read_without_a_hub(tmp_path):
    file = tmp_path / "44.toml"
    file.write_text(PROVINCE + 'ca_file = "ca.pem"\n', "utf-8")
    (tmp_path / "ca.pem").touch()
    environment = {"HUB__PROVINCES__44__CONCURRENCY": "3"}
    province = load_province(file, environment)
    assert (province.code, province.concurrency) == ("44", 3)
    assert province.ca_file == str(tmp_path / "ca.pem")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("concurency = 3\n", "concurency"),
        ('bearer_env = "GD_TOKEN"\n', "GD_TOKEN"),
        ('callback_secret_env = "GD_SECRET"\n', "GD_SECRET"),
        ("= 3\n", "44.toml"),
    ],
)
def test_a_province_by_itself_tells_its_mistakes(tmp_path, said, told):
    file = tmp_path / "44.toml"
    file.write_text(PROVINCE + said, "utf-8")
    with pytest.raises(BadSettings) as bad:
        load_province(file, {"GD_SECRET": "no secret"})
    assert told in str(bad.value)
