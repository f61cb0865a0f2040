"""What Rasa is told of the things a message names."""

import json
import os
import subprocess
from typing import Any

import pytest

from tests.running import BOT_PYTHON, ROOT

pytestmark = pytest.mark.bot

PROGRAM = """
import json, sys
from datetime import date
from bot.components.entities import as_rasa_wants
from language.entities import entities
lines = json.load(sys.stdin)
print(json.dumps([as_rasa_wants(entities(line, date(2026, 11, 22))) for line in lines]))
"""


@pytest.fixture(scope="module")
def told() -> dict[str, list[dict[str, Any]]]:
    lines = [
        "not KD-4711, no, KD-4712, bob@example.com or ann@example.com",
        "between 3 March and 5 March",
        "the celadon teapot",
        "last week",
    ]
    ran = subprocess.run(
        [str(BOT_PYTHON), "-W", "ignore", "-c", PROGRAM],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(lines, json.loads(ran.stdout), strict=True))


def test_of_orders_and_e_mails_the_last_one_named_counts(told: dict[str, Any]) -> None:
    found = told["not KD-4711, no, KD-4712, bob@example.com or ann@example.com"]
    assert [(e["entity"], e["value"]) for e in found] == [
        ("order_number", "KD-4712"),
        ("email", "ann@example.com"),
    ]


def test_of_several_days_the_last_fills_a_slot_and_the_others_have_a_role(
    told: dict[str, Any],
) -> None:
    first, last = told["between 3 March and 5 March"]
    assert (first["value"], first["role"]) == ("2026-03-03", "also")
    assert last["value"] == "2026-03-05"
    assert "role" not in last


def test_a_product_comes_with_its_number_and_both_names(told: dict[str, Any]) -> None:
    (product,) = told["the celadon teapot"]
    assert product["value"] == "Celadon Teapot"
    assert product["sku"] == "TP-101"
    assert product["names"] == {"en": "Celadon Teapot", "zh": "青瓷茶壶"}


def test_a_whole_week_says_so(told: dict[str, Any]) -> None:
    (week,) = told["last week"]
    assert week["grain"] == "week"
