"""Each process knows the secrets that it needs, and no others."""

import pytest
from groundwork.places import Places
from groundwork.processes import processes

SECRETS = (
    "DESK_SECRET",
    "DESK_DATABASE_URL",
    "DESK_BOT_SECRET",
    "DESK_ACTIONS_SECRET",
    "DESK_IDENTITY_SECRET",
    "DESK_WEBSITE_TOKEN",
    "RPA_SECRET_FILE",
    "BACKOFFICE_PASSWORD",
    "DESK_API_TOKEN",
    "DESK_WEBHOOK_SECRETS",
    "DESK_SMTP_PASSWORD",
)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("mail", set()),
        ("backoffice", {"DESK_IDENTITY_SECRET", "DESK_WEBSITE_TOKEN", "BACKOFFICE_PASSWORD"}),
        ("bot", {"DESK_BOT_SECRET", "DESK_ACTIONS_SECRET"}),
    ],
)
def test_a_process_is_told_no_secret_that_is_not_its_business(tmp_path, name, known):
    process = next(p for p in processes(Places(root=tmp_path)) if p.name == name)
    assert set(SECRETS) - set(process.kept_from_it) == known
