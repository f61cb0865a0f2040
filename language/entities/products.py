"""What the shop sells, also where it is misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from language.entities.spans import Entity

LOOKUPS = Path(__file__).resolve().parents[2] / "nlu_data" / "lookups"
_WORD = re.compile(r"[a-z][a-z'’]*(?:-[a-z]+)*", re.I)
_TYPO = 82  # of 100: one slip in a word of six letters, two in a name of twelve
_SHORT_WORD = 4  # letters: below that only the exact word counts
MOST_WORDS = 400  # a message of words that all resemble a product is no message


@dataclass(frozen=True)
class Product:
    """A thing on the shelf, and what customers call it."""

    sku: str
    names: dict[str, str]
    called: tuple[str, ...]  # in lower case, the shop's own names among them
    skus: tuple[str, ...] = ()  # of a kind of thing, such as teapots: all that are of it

    def entity(self, start: int, end: int) -> Entity:
        which = {"skus": list(self.skus)} if self.skus else {"sku": self.sku}
        more = {**which, "names": self.names}
        return Entity("product", start, end, self.names["en"], more=more)


class Shelf:
    """All products, ready to be looked for."""

    def __init__(self, products: list[Product]) -> None:
        self._by_words: dict[tuple[str, ...], Product] = {}
        self._by_letters: dict[str, Product] = {}
        for product in products:
            for name in product.called:
                if name.isascii():
                    self._by_words[tuple(_words(name))] = product
                else:
                    self._by_letters[name] = product
        self._vocabulary = sorted({word for name in self._by_words for word in name})
        self._known = set(self._vocabulary)
        self._longest = max((len(name) for name in self._by_words), default=0)
        longest_first = sorted(self._by_letters, key=lambda name: -len(name))
        self._chinese = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        self._skus = {product.sku.lower(): product for product in products if product.sku}
        self._sku = re.compile(rf"\b(?:{'|'.join(map(re.escape, self._skus)) or '(?!)'})\b", re.I)

    def find(self, line: str) -> Iterator[Entity]:
        for found in self._sku.finditer(line):
            yield self._skus[found.group().lower()].entity(*found.span())
        for found in self._chinese.finditer(line):
            yield self._by_letters[found.group()].entity(*found.span())
        yield from self._english(line)

    def _english(self, line: str) -> Iterator[Entity]:
        words = list(_WORD.finditer(line))[:MOST_WORDS]
        meant = [self._nearest(_singular(word.group().lower())) for word in words]
        at = 0
        while at < len(words):
            size = self._name_at(meant, at)
            if size:
                name = tuple(word for word in meant[at : at + size] if word)
                yield self._by_words[name].entity(words[at].start(), words[at + size - 1].end())
            at += size or 1

    def _name_at(self, meant: list[str | None], at: int) -> int:
        """How many words from here on are a product's name: the most that are one."""
        for size in range(min(self._longest, len(meant) - at), 0, -1):
            name = meant[at : at + size]
            if all(name) and tuple(name) in self._by_words:
                return size
        return 0

    @lru_cache(maxsize=4096)  # noqa: B019 - there is one shelf for the life of the process
    def _nearest(self, word: str) -> str | None:
        if word in self._known:
            return word
        if len(word) <= _SHORT_WORD:
            return None
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - only where a word is strange

        near = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_TYPO)
        is_one = near is not None and len(near[0]) >= _SHORT_WORD and near[0][0] == word[0]
        return near[0] if near and is_one else None


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """The shop's products, from `nlu_data/lookups/products.yml`; read once."""
    return Shelf(products())


def products() -> list[Product]:
    """Everything that the lookup file names: products, and kinds of them."""
    import yaml  # noqa: PLC0415 - only once in the life of a process

    with (LOOKUPS / "products.yml").open(encoding="utf-8") as file:
        told = yaml.safe_load(file)
    kinds = [_product("", each) for each in told["kinds"]]
    return kinds + [_product(sku, each) for sku, each in told["products"].items()]


def _product(sku: str, told: dict[str, Any]) -> Product:
    called = [*told["name"].values(), *told["also_called"]]
    names = tuple(dict.fromkeys(name.lower() for name in called))
    return Product(sku, told["name"], names, tuple(told.get("skus", ())))


def _words(name: str) -> list[str]:
    return [_singular(word.group()) for word in _WORD.finditer(name.lower())]


def _singular(word: str) -> str:
    """cups, glasses, boxes: one of them."""
    word = word.replace("’", "'").removesuffix("'s")
    if word.endswith(("sses", "xes", "shes", "ches")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
