"""Passwords and reset links, kept so that a reader of the file cannot use them."""

import hashlib
import hmac
import os


def password_digest(password: str) -> str:
    salt = os.urandom(16)
    return f"{salt.hex()}:{_scrypt(password, salt)}"


def is_password(password: str, digest: str) -> bool:
    salt, _, kept = digest.partition(":")
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)), kept)


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _scrypt(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1).hex()
