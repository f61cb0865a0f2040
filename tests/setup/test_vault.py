"""The robots' vault: made once, kept, and given what a new release needs."""

import json
from pathlib import Path

from groundwork.desk_data import VAULT_ENTRIES, keep_vault


def test_a_vault_is_made_for_every_system_and_for_its_owner_only(tmp_path: Path) -> None:
    vault = tmp_path / "vault.json"
    keep_vault({"RPA_SECRET_FILE": str(vault), "BACKOFFICE_PASSWORD": "teapot"})
    assert json.loads(vault.read_text()).keys() == set(VAULT_ENTRIES)
    assert vault.stat().st_mode & 0o077 == 0


def test_what_an_owner_wrote_into_the_vault_stays(tmp_path: Path) -> None:
    vault = tmp_path / "vault.json"
    own = {"backoffice": {"login": "mara", "password": "own"}, "bank": {"key": "k"}}
    vault.write_text(json.dumps(own))
    keep_vault({"RPA_SECRET_FILE": str(vault), "BACKOFFICE_PASSWORD": "teapot"})
    held = json.loads(vault.read_text())
    assert held | own == held
    assert held["directory"] == {"login": "robot", "password": "teapot"}
