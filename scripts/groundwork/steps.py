"""The set-up, in order. Every step looks first whether it is still done."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from groundwork.desk_data import (
    demo_accounts,
    index_articles,
    keep_vault,
    make_encoder,
    migrate,
    seed_back_office,
    train_model,
)
from groundwork.environments import (
    make_bot_environment,
    make_desk_environment,
    make_test_environment,
    make_tools,
)
from groundwork.machine import have_chromium, have_postgresql
from groundwork.node import make_web
from groundwork.places import Places
from groundwork.progress import say
from groundwork.settings_file import keep_settings


@dataclass
class Ground:
    """What the set-up leaves behind: the settings in force, and accounts made just now."""

    settings: dict[str, str]
    new_accounts: list[dict[str, str]] = field(default_factory=list)


def prepare_programs(places: Places, environ: Mapping[str, str]) -> dict[str, str]:
    """Everything that can be installed, built or trained; returns the settings in force."""
    settings = keep_settings(places, environ)
    make_tools(places)
    make_desk_environment(places, environ)
    make_bot_environment(places, environ)
    make_web(places)
    have_chromium()
    make_encoder(places, settings)
    train_model(places, settings)
    index_articles(places, settings)
    return settings


def prepare_desk(places: Places, environ: Mapping[str, str]) -> Ground:
    """All that `make up` needs before it can start the processes."""
    began = time.monotonic()
    say("Kaidesk: setting up (what is still valid is not done again)")
    settings = prepare_programs(places, environ)
    migrate(places, settings)
    keep_vault(settings)
    seed_back_office(places, settings)
    ground = Ground(settings, demo_accounts(places, settings))
    say(f"     Set up in {time.monotonic() - began:.0f} s.")
    return ground


def prepare_tests(places: Places, environ: Mapping[str, str]) -> dict[str, str]:
    """All that tests and checks need; their databases they make themselves."""
    say("Kaidesk: setting up for the tests (what is still valid is not done again)")
    settings = prepare_programs(places, environ)
    make_test_environment(places)
    if os.environ.get("CI") or os.environ.get("KAIDESK_REQUIRE_POSTGRES"):
        have_postgresql()
    return settings
