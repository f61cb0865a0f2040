"""Robots' secrets come from a vault, a file or the environment, and stay there."""

import json
from pathlib import Path

import pytest
from RPA.Robocorp.Vault import Secret, Vault

from automation import starting
from automation.catalogue import CATALOGUE
from automation.environment_vault import EnvironmentSecrets
from automation.systems import vault
from desk.integrations.robots import RobotBroke
from tests.automation.conftest import run
from tests.automation.running import PASSWORD, VAULT_ENTRIES, Company

IN_ENVIRONMENT = "automation.environment_vault.EnvironmentSecrets"
LOGIN = json.dumps({"login": "robot", "password": PASSWORD})


@pytest.fixture
def in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No vault's file at all, and an entry for each system in the environment."""
    monkeypatch.delenv("RPA_SECRET_FILE", raising=False)
    monkeypatch.setenv("RPA_SECRET_MANAGER", IN_ENVIRONMENT)
    for entry in VAULT_ENTRIES:
        monkeypatch.setenv(starting.SECRET_PREFIX + entry.upper(), LOGIN)


@pytest.mark.usefixtures("in_environment")
def test_a_vault_in_the_environment_gives_what_a_file_would() -> None:
    assert vault.login("backoffice") == ("robot", PASSWORD)
    secret = Vault().get_secret("backoffice")
    assert PASSWORD not in repr(secret)
    with pytest.raises(PermissionError):
        EnvironmentSecrets().set_secret(Secret("backoffice", "", {}))


@pytest.mark.usefixtures("in_environment")
@pytest.mark.parametrize("held", ["not JSON canary", '["canary"]', '{"login": "canary"}'])
def test_an_entry_that_cannot_be_read_is_named_and_its_words_are_not(
    monkeypatch: pytest.MonkeyPatch, held: str
) -> None:
    monkeypatch.setenv("ROBOT_SECRET_BACKOFFICE", held)
    with pytest.raises(vault.SecretMissing, match="no entry backoffice") as missing:
        vault.login("backoffice")
    assert "canary" not in str(missing.value)


def test_of_a_vault_in_the_environment_a_robot_gets_its_own_entries_only(tmp_path: Path) -> None:
    known = {starting.SECRET_PREFIX + entry.upper(): LOGIN for entry in VAULT_ENTRIES}
    known |= {"DESK_SECRET": "x", "ROBOT_COLOUR": "green", "ROBOT_SECRET_BANK": "y"}
    for robot in CATALOGUE.values():
        handed = starting.environment(robot, tmp_path, known)
        secrets = {name for name in handed if name.startswith(starting.SECRET_PREFIX)}
        assert secrets == {starting.SECRET_PREFIX + entry.upper() for entry in robot.secrets}
        assert handed["ROBOT_COLOUR"] == "green"
        assert "DESK_SECRET" not in handed
    assert not {n for n in starting.handed_on(known) if n.startswith(starting.SECRET_PREFIX)}


def test_every_entry_that_a_robot_wants_is_one_that_the_set_up_makes() -> None:
    assert {entry for robot in CATALOGUE.values() for entry in robot.secrets} == set(VAULT_ENTRIES)


@pytest.mark.fault("A11")
@pytest.mark.usefixtures("in_environment")
def test_no_secret_is_in_anything_that_robots_without_a_browser_leave(
    company: Company, robot_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RPA_SECRET_FILE", raising=False)
    monkeypatch.setenv("RPA_SECRET_MANAGER", IN_ENVIRONMENT)
    run("unlock_account", "done", email="emily.hart@example.com")
    run("reset_password", "refused", email="chen.xiaoming@example.com")
    run("reconcile_refund_ledger", "filed")
    with company.without("automation.backoffice"), pytest.raises(RobotBroke):
        run("unlock_account", "broken", email="li.na@example.com")
    left = [path for path in robot_folder.rglob("*") if path.is_file()]
    assert {path.parent.parent.name for path in left} == {"done", "refused", "filed", "broken"}
    hidden = (PASSWORD.encode(), LOGIN.encode(), b"cm9ib3Q6Y2FuYXJ5")  # and as HTTP sends it
    for path in left:
        assert PASSWORD not in str(path)
        assert "emily" not in str(path).lower()
        assert not [words for words in hidden if words in path.read_bytes()], path
