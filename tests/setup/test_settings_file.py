"""var/desk.env: made once, kept for ever, readable by its owner only."""

import stat

import pytest
from groundwork.places import Places
from groundwork.settings_file import RECIPES, in_force, keep_settings, read


@pytest.fixture
def places(tmp_path):
    return Places(root=tmp_path)


def test_the_first_run_makes_every_setting_and_a_file_for_its_owner_only(places):
    settings = keep_settings(places, {})
    assert settings.keys() == RECIPES.keys()
    assert read(places.settings_file) == settings
    assert stat.S_IMODE(places.settings_file.stat().st_mode) == 0o600


def test_no_two_desks_share_a_secret_and_no_two_settings_either(places, tmp_path):
    names = ("DESK_SECRET", "DESK_BOT_SECRET", "DESK_ACTIONS_SECRET", "DESK_IDENTITY_SECRET")
    here = keep_settings(places, {})
    there = keep_settings(Places(root=tmp_path / "other"), {})
    secrets = [settings[name] for settings in (here, there) for name in names]
    assert len(set(secrets)) == len(secrets)
    assert all(len(secret) >= 32 for secret in secrets)


def test_a_second_run_changes_nothing_that_the_owner_wrote(places):
    keep_settings(places, {})
    written = places.settings_file.read_text().replace("DESK_PORT=8000", "DESK_PORT=9000")
    places.settings_file.write_text(written)
    assert keep_settings(places, {})["DESK_PORT"] == "9000"
    assert places.settings_file.read_text() == written


def test_a_setting_that_a_new_release_needs_is_added_below_the_others(places):
    before = keep_settings(places, {})
    text = places.settings_file.read_text()
    without = "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith("DESK_TIME_ZONE")
    )
    places.settings_file.write_text(without)
    assert keep_settings(places, {}) == before
    assert places.settings_file.read_text() == without + "DESK_TIME_ZONE=UTC\n"


def test_a_port_from_the_environment_moves_the_addresses_made_of_it(places):
    keep_settings(places, {})
    settings = keep_settings(places, {"DESK_PORT": "9000", "BACKOFFICE_PORT": "9090"})
    assert settings["DESK_PUBLIC_URL"] == "http://127.0.0.1:9000"
    assert settings["DESK_WEBSITE_ORIGINS"] == "http://127.0.0.1:9090"
    assert read(places.settings_file)["DESK_PORT"] == "8000"


def test_an_address_that_the_owner_chose_stays_when_a_port_moves(places):
    kept = {**keep_settings(places, {}), "DESK_PUBLIC_URL": "https://desk.example.com"}
    settings = in_force(kept, {"DESK_PORT": "9000"}, places)
    assert settings["DESK_PUBLIC_URL"] == "https://desk.example.com"
