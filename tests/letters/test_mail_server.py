"""The owner's mail server: spoken to in private, signed in at, or not spoken to at all."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import ValidationError

from desk.integrations import mail
from desk.settings import settings
from tests.conftest import forget_settings
from tests.mailbox import a_mailbox

PASSWORD = "a password for the mail server, in tests"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """For 127.0.0.1, signed by itself: key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail in tests")])
    near = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(near, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("mail") / "certificate.pem"
    file.write_bytes(key.private_bytes(*plain) + made.public_bytes(pem))
    return file


@pytest.fixture
def private(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def agreed(patch, box, **more):
    known = {"PORT": box.port, "USER": "desk", "PASSWORD": PASSWORD, **more}
    for name, value in known.items():
        patch.setenv(f"DESK_SMTP_{name}", str(value))
    forget_settings()


def only_us(_server, _session, _envelope, _mechanism, told):
    is_known = (told.login, told.password) == (b"desk", PASSWORD.encode())
    return AuthResult(success=is_known, handled=is_known)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_goes_encrypted_and_signed_in(
    sqlite_database, monkeypatch, certificate, private, security
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    wrapped = {
        "starttls": {"tls_context": private, "require_starttls": True},
        "tls": {"ssl_context": private, "auth_require_tls": False},
    }[security]
    with a_mailbox(**wrapped, authenticator=only_us) as box:
        agreed(monkeypatch, box, SECURITY=security)
        mail.send("na@example.com", "Hello", "text", name="x")
        agreed(monkeypatch, box, SECURITY=security, PASSWORD="another")
        with pytest.raises(mail.MailSilent, match="SMTPAuthenticationError"):
            mail.send("na@example.com", "Hello", "text", name="y")
    assert [letter["Subject"] for letter in box.letters] == ["Hello"]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_that_nobody_vouches_for_learns_no_password(
    sqlite_database, monkeypatch, private, security
):
    heard = []

    def listen(*told):
        heard.append(told)
        return AuthResult(success=True)

    how = {"starttls": {"tls_context": private}, "tls": {"ssl_context": private}}[security]
    with a_mailbox(**how, authenticator=listen) as box:
        agreed(monkeypatch, box, SECURITY=security)
        with pytest.raises(mail.MailSilent, match="SSLCertVerificationError"):
            mail.send("na@example.com", "Hello", "text", name="x")
    assert (box.letters, heard) == ([], [])


def test_a_password_is_not_sent_through_the_network_in_the_open(sqlite_database, monkeypatch):
    monkeypatch.setenv("DESK_SMTP_HOST", "mail.example.com")
    monkeypatch.setenv("DESK_SMTP_USER", "desk")
    forget_settings()
    with pytest.raises(ValidationError, match="DESK_SMTP_SECURITY to starttls"):
        settings()
    monkeypatch.setenv("DESK_SMTP_SECURITY", "starttls")
    assert settings().smtp_security == "starttls"
