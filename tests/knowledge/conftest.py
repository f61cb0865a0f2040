"""A folder of articles of its own, and an index beside it, for every test."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.integrations.encoder import FakeSentences, Sentences
from desk.knowledge.commands import Made, make_index
from desk.knowledge.queries import shelf as shelves
from desk.knowledge.queries.shelf import Shelf
from desk.settings import settings

RETURNS = """---
title: Returns and refunds
answers: [returns_policy]
keywords: [send back, refund]
owner: returns@example.com
updated: 2026-11-18
---
You have 30 days.

## How to return something

1. Ask in the chat.
2. Print the **label**.

## When the money is back

Within 5 working days.
"""
SHIPPING = """---
title: Delivery
answers: [delivery_options]
keywords: [shipping, postage, parcel]
owner: deliveries@example.com
updated: 2026-11-18
---
Every order is sent as a parcel.

## What it costs

4.90 EUR, and nothing from 50 EUR.

## Express

We have no express delivery.
"""
CHINESE = """---
title: 退货和退款
answers: [returns_policy]
keywords: [退货, 寄回]
owner: returns@example.com
updated: 2026-11-18
---
30 天内可以退货。

## 怎么退货 {#how}

在聊天里申请，打印退货标签。

## 钱什么时候退 {#when}

5 个工作日内原路退回。
"""
ASKED = {
    "returns": "how can I {} return the {} pot and send it back for a refund",
    "delivery": "what does {} shipping of a {} parcel cost, is postage free",
    "-": "is the weather {} today in {} Lisbon",
}
KINDS = ("red", "blue", "small", "old", "new", "wide", "tall", "heavy", "light", "round")


class Folder:
    """Articles that a test writes, and the index made from them."""

    def __init__(self, place: Path) -> None:
        self.sources, self.index = place / "articles", place / "index"
        self.write("en/returns.md", RETURNS)
        self.write("en/delivery.md", SHIPPING)
        self.write("zh/returns.md", CHINESE)
        self.write("questions/en.tsv", questions())

    def write(self, name: str, text: str) -> Path:
        place = self.sources / name
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_name(f".{place.name}.{threading.get_ident()}")
        fresh.write_text(text, "utf-8")
        return fresh.replace(place)

    def make(self, encoder: Sentences | None = None) -> Made:
        reader = encoder or FakeSentences()
        return make_index(self.sources, self.index, reader.name, lambda: reader)

    def shelf(self) -> Shelf:
        """A shelf as a process has it, that looks for a new index at every call."""
        return Shelf(self.index, self.index / "no-encoder", "no-such-model")


def questions() -> str:
    """Thirty that are easily told apart; the last of each ten are held out."""
    lines = ["part\tarticle\tquestion"]
    for article, form in ASKED.items():
        for number, kind in enumerate(KINDS):
            part = "held" if number > 7 else "choose"
            lines.append(f"{part}\t{article}\t{form.format(kind, kind)}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two English articles, a Chinese one, and labelled questions in English."""
    return Folder(tmp_path)


@pytest.fixture
def in_force(
    folder: Folder, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Folder]:
    """The folder's index is the one that this process searches, by words alone."""
    folder.make()
    monkeypatch.setenv("DESK_ARTICLES_FOLDER", str(folder.sources))
    monkeypatch.setenv("DESK_ARTICLES_INDEX", str(folder.index))
    monkeypatch.setenv("DESK_ENCODER_FOLDER", str(folder.index / "no-encoder"))
    monkeypatch.setenv("DESK_ENCODER", str(folder.index / "no-such-model"))
    monkeypatch.setattr(shelves, "LOOK_SECONDS", 0.0)
    settings.cache_clear()
    yield folder
    settings.cache_clear()
