"""What tests of routing share."""

import pytest

from desk.people import commands


@pytest.fixture
def no_passwords(monkeypatch):
    """For staff who never sign in: hashing is slow by intent."""
    monkeypatch.setattr(commands, "hash_password", lambda password: "never used")
