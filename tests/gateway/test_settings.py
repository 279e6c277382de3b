"""Every setting is checked once, early, with a sentence that says what to do."""

import pytest

from gateway.caf import CafAccess
from gateway.payments.lyra import LyraKey
from gateway.settings import (
    CAF_ENDPOINT,
    PAYFIP_ENDPOINT,
    PAYFIP_PAGE,
    Settings,
    SettingsError,
    Smtp,
    SmtpTls,
    WorkerPlace,
)

KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
OTHER_KEY = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="


def read(**environ: str) -> Settings:
    return Settings.from_environment({"PORTAIL_SECRET_KEYS": KEY, **environ})


def refusal(**environ: str) -> str:
    with pytest.raises(SettingsError) as refused:
        read(**environ)
    return str(refused.value)


def test_with_only_a_key_the_portal_serves_every_commune_on_this_machine() -> None:
    assert read() == Settings(
        host="127.0.0.1",
        port=8000,
        public_url="http://localhost:8000",
        communes=None,
        smtp=Smtp("localhost", 25, SmtpTls.NONE),
        payfip_endpoint=PAYFIP_ENDPOINT,
        payfip_page=PAYFIP_PAGE,
        lyra_keys=(),
        lyra_page=None,
        caf_endpoint=CAF_ENDPOINT,
        caf_access=(),
        worker=WorkerPlace.EMBEDDED,
        graphiql=True,
        log_level="INFO",
        cookie_secure=False,
        trusted_proxies=(),
        database_url="sqlite://var/{commune}.sqlite3",
        secret_keys=(KEY,),
    )


def test_a_production_is_described_entirely() -> None:
    settings = read(
        PORT="9000",
        DATABASE_URL="postgresql://portail:s3cret@db:5433/portail?sslmode=require",
        PORTAIL_HOST="0.0.0.0",
        PORTAIL_COMMUNES="chavagne, mellois-en-poitou",
        PORTAIL_PUBLIC_URL="https://famille.example.fr/",
        PORTAIL_SECRET_KEYS=f"{OTHER_KEY}, {KEY}",
        PORTAIL_SMTP_HOST="smtp.example.fr",
        PORTAIL_SMTP_USERNAME="portail",
        PORTAIL_SMTP_PASSWORD="mdp,avec virgule",
        PORTAIL_PAYFIP_ENDPOINT="https://banque.example.fr/tpa",
        PORTAIL_PAYFIP_PAGE="https://banque.example.fr/page",
        PORTAIL_LYRA_KEYS=f"melle:12345678:PRODUCTION:{'a' * 16}, melle:12345678:TEST:{'b' * 16}",
        PORTAIL_LYRA_PAGE="https://cartes.example.fr/vads-payment/",
        PORTAIL_CAF_ENDPOINT="https://staging.particulier.api.gouv.fr",
        PORTAIL_CAF_ACCESS="chavagne:21350076500012:un.jeton, melle:21790174500019:un-autre_jeton",
        PORTAIL_WORKER="separate",
        PORTAIL_GRAPHIQL="off",
        PORTAIL_LOG_LEVEL="WARNING",
        PORTAIL_TRUSTED_PROXIES="10.0.0.0/8, ::1",
    )

    assert settings == Settings(
        host="0.0.0.0",
        port=9000,
        public_url="https://famille.example.fr",
        communes=("chavagne", "mellois-en-poitou"),
        smtp=Smtp("smtp.example.fr", 587, SmtpTls.STARTTLS, "portail", "mdp,avec virgule"),
        payfip_endpoint="https://banque.example.fr/tpa",
        payfip_page="https://banque.example.fr/page",
        lyra_keys=(
            LyraKey("melle", "12345678", "PRODUCTION", "a" * 16),
            LyraKey("melle", "12345678", "TEST", "b" * 16),
        ),
        lyra_page="https://cartes.example.fr/vads-payment/",
        caf_endpoint="https://staging.particulier.api.gouv.fr",
        caf_access=(
            CafAccess("chavagne", "21350076500012", "un.jeton"),
            CafAccess("melle", "21790174500019", "un-autre_jeton"),
        ),
        worker=WorkerPlace.SEPARATE,
        graphiql=False,
        log_level="WARNING",
        cookie_secure=True,
        trusted_proxies=("10.0.0.0/8", "::1"),
        database_url="postgres://portail:s3cret@db:5433/portail?sslmode=require",
        secret_keys=(OTHER_KEY, KEY),
    )


def test_secrets_are_not_shown_when_settings_are_printed() -> None:
    settings = read(
        DATABASE_URL="postgres://u:secret-db@h/d",
        PORTAIL_SMTP_USERNAME="u",
        PORTAIL_SMTP_PASSWORD="secret-smtp",
        PORTAIL_LYRA_KEYS="melle:12345678:TEST:secretsecretsecret",
    )

    shown = repr(settings)

    assert [secret for secret in ("secret-db", "secret-smtp", "secretsecretsecret", KEY) if secret in shown] == []


def test_a_blank_variable_counts_as_unset() -> None:
    assert read(PORT="", PORTAIL_COMMUNES=" ", PORTAIL_WORKER="") == read()


def test_tls_decides_the_usual_port() -> None:
    remote = {"PORTAIL_SMTP_HOST": "smtp.example.fr"}

    assert [read(**remote, PORTAIL_SMTP_TLS=tls).smtp.port for tls in ("none", "starttls", "tls")] == [25, 587, 465]


def test_a_trial_on_a_private_network_may_say_that_cookies_travel_in_clear() -> None:
    settings = read(PORTAIL_PUBLIC_URL="http://192.168.1.20:8000", PORTAIL_COOKIE_SECURE="off")

    assert (settings.public_url, settings.cookie_secure) == ("http://192.168.1.20:8000", False)


def test_a_database_name_reached_by_a_socket_is_accepted() -> None:
    assert read(DATABASE_URL="postgres://postgres@/postgres?host=/run/pg").database_url == (
        "postgres://postgres@/postgres?host=/run/pg"
    )


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("PORT", "http", "PORT is 'http'; expected a port number from 1 to 65535."),
        ("PORT", "0", "PORT is '0'; expected a port number from 1 to 65535."),
        ("PORT", "65536", "PORT is '65536'; expected a port number from 1 to 65535."),
        ("PORT", "-1", "PORT is '-1'; expected a port number from 1 to 65535."),
        ("PORT", "٨٠", "PORT is '٨٠'; expected a port number from 1 to 65535."),
        (
            "PORTAIL_HOST",
            "http://x",
            "PORTAIL_HOST is 'http://x'; expected a host name or an IP address, without port.",
        ),
        (
            "PORTAIL_COMMUNES",
            "Chavagne",
            "PORTAIL_COMMUNES is 'Chavagne'; expected different slugs separated by commas, such as chavagne,melle; "
            "nothing for all.",
        ),
        (
            "PORTAIL_COMMUNES",
            "melle,melle",
            "PORTAIL_COMMUNES is 'melle,melle'; expected different slugs separated by commas, such as "
            "chavagne,melle; nothing for all.",
        ),
        (
            "PORTAIL_PUBLIC_URL",
            "http://famille.example.fr",
            "PORTAIL_PUBLIC_URL is 'http://famille.example.fr'; expected https (plain http is for localhost, or for "
            "a trial with PORTAIL_COOKIE_SECURE=off).",
        ),
        (
            "PORTAIL_PUBLIC_URL",
            "https://famille.example.fr/portail",
            "PORTAIL_PUBLIC_URL is 'https://famille.example.fr/portail'; expected an address without path: communes "
            "come right after the host.",
        ),
        ("PORTAIL_WORKER", "none", "PORTAIL_WORKER is 'none'; expected embedded or separate."),
        ("PORTAIL_GRAPHIQL", "yes", "PORTAIL_GRAPHIQL is 'yes'; expected on or off."),
        ("PORTAIL_COOKIE_SECURE", "1", "PORTAIL_COOKIE_SECURE is '1'; expected on or off."),
        ("PORTAIL_LOG_LEVEL", "verbose", "PORTAIL_LOG_LEVEL is 'verbose'; expected DEBUG, INFO, WARNING or ERROR."),
        ("PORTAIL_SMTP_TLS", "ssl", "PORTAIL_SMTP_TLS is 'ssl'; expected none or starttls or tls."),
        (
            "PORTAIL_TRUSTED_PROXIES",
            "*",
            "PORTAIL_TRUSTED_PROXIES is '*'; expected IP addresses or networks separated by commas, such as "
            "10.0.0.0/8.",
        ),
        (
            "DATABASE_URL",
            "sqlite://var/portail.sqlite3",
            "DATABASE_URL is 'sqlite://var/portail.sqlite3'; expected {commune} in the file name, since each commune "
            "has its own file.",
        ),
        (
            "PORTAIL_SMTP_USERNAME",
            "u",
            "PORTAIL_SMTP_PASSWORD is missing; expected a username and a password together, or neither.",
        ),
        ("PORTAIL_COMUNES", "melle", "PORTAIL_COMUNES is not a setting; did you mean PORTAIL_COMMUNES?"),
        ("PORTAIL_SMTP_PASSWD", "x", "PORTAIL_SMTP_PASSWD is not a setting; did you mean PORTAIL_SMTP_PASSWORD?"),
    ],
)
def test_a_bad_value_is_refused_with_its_name_and_what_is_expected(variable: str, value: str, expected: str) -> None:
    assert refusal(**{variable: value}) == expected


@pytest.mark.parametrize(
    "address",
    [
        "famille.example.fr",
        "ftp://famille.example.fr",
        "https://",
        "https://user:pw@famille.example.fr",
        "https://famille.example.fr?x=1",
        "https://famille.example.fr#x",
        "https://famille example.fr",
        "https://famille.example.fr:99999",
        "javascript:alert(1)",
    ],
)
@pytest.mark.parametrize("variable", ["PORTAIL_PUBLIC_URL", "PORTAIL_PAYFIP_ENDPOINT", "PORTAIL_CAF_ENDPOINT"])
def test_a_malformed_web_address_is_refused(variable: str, address: str) -> None:
    assert refusal(**{variable: address}) == (
        f"{variable} is {address!r}; expected an address such as https://host, without password, query or fragment."
    )


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hunter2@h/d",
        "postgres://u:hunter2@h",
        "postgres://u:hunter2@h:bad/d",
        "postgres://u:hunter2@h/{commune}",
    ],
)
def test_a_bad_database_url_is_refused_without_quoting_its_password(url: str) -> None:
    told = refusal(DATABASE_URL=url)

    assert told.startswith("DATABASE_URL: expected ")
    assert "hunter2" not in told


def test_a_missing_key_says_how_to_make_one() -> None:
    with pytest.raises(SettingsError, match=r"PORTAIL_SECRET_KEYS is missing.*Fernet\.generate_key"):
        Settings.from_environment({})


@pytest.mark.parametrize("bad", ["short", KEY[:-4], "é" * 44, KEY + KEY])
def test_a_bad_key_is_refused_without_being_quoted(bad: str) -> None:
    told = refusal(PORTAIL_SECRET_KEYS=f"{KEY},{bad}")

    assert told.startswith("PORTAIL_SECRET_KEYS: key 2 is not 32 bytes in URL-safe base64.")
    assert bad not in told


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        ("chavagne:un.jeton", "item 1 is not commune:SIRET of 14 digits:token."),
        ("melle:21790174500019:a, chavagne:213500765:un.jeton", "item 2 is not commune:SIRET of 14 digits:token."),
        ("melle:21790174500019:a, melle:21790174500019:un.jeton", "names a commune twice"),
    ],
)
def test_a_bad_access_to_the_funds_is_refused_without_quoting_its_token(access: str, expected: str) -> None:
    told = refusal(PORTAIL_CAF_ACCESS=access)
    assert expected in told
    assert "jeton" not in told


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("melle:12345678:TEST:motmotmotmotmo", "item 1 is not commune:site of 8 digits:TEST or PRODUCTION:key."),
        ("melle:1234567:TEST:motmotmotmotmotmot", "item 1 is not commune:site of 8 digits:TEST or PRODUCTION:key."),
        ("melle:12345678:X:motmotmotmotmotmot", "item 1 is not commune:site of 8 digits:TEST or PRODUCTION:key."),
        (", ".join(["melle:12345678:TEST:motmotmotmotmotmot"] * 2), "gives two keys to a site"),
    ],
)
def test_a_bad_key_of_cards_is_refused_without_being_quoted(keys: str, expected: str) -> None:
    told = refusal(PORTAIL_LYRA_KEYS=keys)
    assert expected in told
    assert "motmot" not in told


def test_a_password_never_travels_in_clear_to_another_machine() -> None:
    credentials = {"PORTAIL_SMTP_USERNAME": "u", "PORTAIL_SMTP_PASSWORD": "hunter2", "PORTAIL_SMTP_TLS": "none"}

    told = refusal(PORTAIL_SMTP_HOST="smtp.example.fr", **credentials)

    assert told == "PORTAIL_SMTP_TLS is 'none'; expected starttls or tls: a password never travels in clear."
    assert read(PORTAIL_SMTP_HOST="127.0.0.1", **credentials).smtp.username == "u"
