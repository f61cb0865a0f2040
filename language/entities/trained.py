"""The trained part: names, addresses and products that no rule would see, by a small spaCy
pipeline per language, made from our own annotated messages in seconds.

The pipelines are blank ones (spaCy's pretrained are not on the package index): a tokenizer, our
rules as a component of their own, and an entity recogniser that fills what the rules left open.
They are trained with whichever spaCy is there, and what one of 3.7 and 3.8 wrote the other reads.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import random
import re
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from language.entities import examples, variety
from language.entities.addresses import addresses
from language.entities.examples import ANNOTATIONS, LABELS, Annotated, annotated
from language.entities.names import could_be_a_name, given_names, names
from language.entities.products import LOOKUPS, products, shelf
from language.entities.spans import Entity, without_overlaps

LANGUAGES = ("en", "zh")
# Chosen by cross-validation over the training messages; the held-out part had no say.
ROUNDS = 20
BATCH_SIZE = 24
DROPOUT = 0.25
LEARN_RATE = 0.002
WIDTH, DEPTH = 64, 3
SEED = 0

ENDLESS = re.compile(r"[^\s\u3400-\u9fff\uf900-\ufaff]{24}")  # no word is that long
_SPACES = re.compile(r"[\s{}\"<>=|\\\[\]]")  # and what data is wrapped in: words stand free
LONGEST_NAME = 48
RULES = "kaidesk_rules"
WORDS = "words.txt"
_NAME_WORDS = re.compile(r"[^\W\d_][\w.'’-]*")
_LETTERS = re.compile(r"[^\W\d_]+")
_PART_OF_ADDRESS = re.compile(
    r"\d[^%]*,|,[^%]*\d|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b|stra(?:ß|ss)e\b|(?:allee|weg|platz"
    r"|gasse)\b"
    r"|\b(?:street|road|lane|avenue|close|row|square|terrace|house|cottage|hall|hotel|mill|st|rd"
    r"|ave)\b",
    re.I,
)
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){8}")  # of a card or a telephone
_PART_OF_ADDRESS_ZH = re.compile(
    "[路街巷弄号號栋幢室楼区區市县镇乡村院苑园舍座]|大道|花园|驿站|门口|校区"
)

# Whether it pays to look: a capital in mid-sentence, or a word that leads to a name or address.
_ENGLISH_CUE = re.compile(
    r"(?<![.!?\n] )(?<!^)(?<![A-Za-z])(?!I\b|I'|KD|DHL|UPS|PDF|VAT|OK|USD|EUR|GBP|UK|US\b|FAQ)[A-Z]"
    r"|\b(?:(?i:name|called|mr|mrs|ms|miss|dr|regards|sincerely|recipient|addressed|attn|c/o"
    r"|address|street|live|lives|living|moved|postcode|zip|flat|apartment|apt|ship to|send it to"
    r"|deliver to|delivered to))\b"
)
_CHINESE_CUE = re.compile(
    r"[王李张刘陈杨赵吴徐孙胡朱林郭罗梁宋郑韩唐冯董萧曹袁邓许傅沈彭吕苏卢蒋蔡贾魏薛叶阎潘戴汪姜范"
    r"姚谭廖邹熊陆"
    r"郝孔崔邱秦顾侯邵孟龙钱汤尹黎贺赖龚庞樊殷洪颜倪裴褚左柳邢阮骆翟毕凌费关路穆](?![\s，,。!！?"
    r"？、0-9]|$)"
    r"|[叫姓]|名字|收件|收货|联系人|本人|我是|先生|女士|小姐|太太|户名|抬头|地址|住|寄到|送到"
    r"|寄给|改到|[省市区县镇街路巷弄号栋幢]"
)


class NotTrained(Exception):
    """The pipelines have not been made, or do not load here."""


class Trained:
    """Both languages' pipelines. What lies in the folder is read at once (some megabytes), for
    the folder may go; a pipeline is made of it when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = {file.name: file.read_bytes() for file in folder.glob("*") if file.is_file()}
        self._words = frozenset(self._files.get(WORDS, b"").decode().split())
        self._pipelines: dict[str, Any] = {}
        self._one_at_a_time = Lock()

    def find(self, line: str, language: str) -> list[Entity]:
        """The names, addresses and products of a folded line. May be called from any thread.

        Raises:
            NotTrained: there is no pipeline for the language in the folder.
        """
        text = _readable(line)
        with self._one_at_a_time:
            doc = self._pipeline(language)(text)
            found = [_entity(line, span) for span in doc.ents if span.label_ in LABELS]
        return plausible(found, line, language, self._words)

    def load(self) -> None:
        """Load both now, so that no customer waits for it."""
        with self._one_at_a_time:
            for language in LANGUAGES:
                self._pipeline(language)

    def _pipeline(self, language: str) -> Any:
        if language not in self._pipelines:
            try:
                self._pipelines[language] = self._made(language)
            except (KeyError, ValueError) as broken:
                raise NotTrained(
                    f"No usable entity pipeline for {language!r} in {self.folder}. "
                    "Make it with: python -m language.entities"
                ) from broken
        return self._pipelines[language]

    def _made(self, language: str) -> Any:
        with _quiet():
            spacy = _spacy()
            config = (
                importlib.import_module("thinc.api")
                .Config()
                .from_bytes(self._files[f"{language}.cfg"], interpolate=False)
            )
            pipeline = spacy.util.load_model_from_config(config, auto_fill=True)
            return pipeline.from_bytes(self._files[f"{language}.bin"])


def plausible(found: list[Entity], line: str, language: str, words: frozenset[str]) -> list[Entity]:
    """What may well be a name or an address, without the common words at its ends."""
    tight = [_tightened(each, line, words) for each in found]
    return [each for each in tight if is_plausible(each, language, words) and _stands(each, line)]


def _stands(each: Entity, line: str) -> bool:
    """Whether a name neither begins nor ends inside a word or a number, as `Phone` in `iPhone`
    does. Part of an address is better than none: it stands wherever it was found."""
    edges = (line[max(0, each.start - 1) : each.start + 1], line[each.end - 1 : each.end + 1])
    return each.kind != "person_name" or not any(
        len(edge) == 2 and edge.isascii() and edge.isalnum() for edge in edges
    )


def _tightened(each: Entity, line: str, words: frozenset[str]) -> Entity:
    """`courier Mike` is Mike, `Joanna.` is Joanna."""
    if each.kind != "person_name" or not each.value.isascii():
        return each
    parts = list(_NAME_WORDS.finditer(line, each.start, each.end))
    while parts and parts[0].group().strip(".").lower() in words:
        parts.pop(0)
    while parts and parts[-1].group().strip(".").lower() in words:
        parts.pop()
    if not parts:
        return each
    start, end = parts[0].start(), parts[-1].start() + len(parts[-1].group().rstrip("."))
    return Entity(each.kind, start, end, " ".join(line[start:end].split()))


def is_plausible(each: Entity, language: str, words: frozenset[str]) -> bool:
    """Whether what the recogniser took for a name or an address is built like one. A small model
    takes many a capital for a person: a name is no term of the shop's and no carrier, and not made
    of words that are said of everything."""
    if each.kind == "address":
        part = _PART_OF_ADDRESS_ZH if language == "zh" else _PART_OF_ADDRESS
        return part.search(each.value) is not None and not _LONG_NUMBER.search(each.value)
    if each.kind != "person_name":
        return False  # products that the shop knows are found by the rules
    told = each.value.strip(" .,'’-–—:;!?/").lower()
    if told in own_terms() or not 2 <= len(told) <= LONGEST_NAME or ENDLESS.search(told):
        return False
    if language == "zh":
        return could_be_a_name(each.value)
    parts = _LETTERS.findall(told)
    if all(word in words or word in own_terms() for word in parts):
        return False
    if each.value.islower():  # a strange word in small letters is mostly just that
        return any(word in given_names() for word in parts)
    return not each.value.isupper()  # SQL, JSON; a NAME ON A CARD the rules know


def common_words(messages: list[Annotated]) -> frozenset[str]:
    """The words of messages that are no part of a name or an address, less those names that are
    words too."""
    plain = set()
    for message in messages:
        outside, at = "", 0
        for start, end, _ in message.spans:
            outside, at = f"{outside} {message.text[at:start]}", end
        plain |= set(_LETTERS.findall(f"{outside} {message.text[at:]}".lower()))
    return frozenset(plain - given_names())


def is_worth_a_look(line: str, language: str) -> bool:
    """Whether a folded line may hold what only the trained part sees."""
    cue = _CHINESE_CUE if language == "zh" else _ENGLISH_CUE
    return cue.search(line) is not None


def train(folder: Path, seed: int = SEED) -> None:
    """Train both languages from `nlu_data/entities`. The same messages give the same pipelines;
    the old ones stay until the new ones are whole."""
    made = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    with _quiet():
        for language in LANGUAGES:
            messages = annotated(ANNOTATIONS / f"{language}.jsonl")
            pipeline = trained(language, messages, seed)
            (made / f"{language}.cfg").write_bytes(pipeline.config.to_bytes())
            (made / f"{language}.bin").write_bytes(pipeline.to_bytes())
    words = common_words(annotated(ANNOTATIONS / "en.jsonl"))
    (made / WORDS).write_text("\n".join(sorted(words)) + "\n", "utf-8")
    (made / "sources").write_text(sources_digest() + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    made.rename(folder)


def made_once() -> Path:
    """Where the set-up puts the pipelines: beside the bot's model, which takes a copy along."""
    model = Path(os.environ.get("DESK_MODEL", "var/model/kaidesk.tar.gz"))
    return model.parent / "entities"


def is_current(folder: Path) -> bool:
    """Whether the pipelines in `folder` were made from exactly what lies here."""
    mark = folder / "sources"
    return mark.exists() and mark.read_text().strip() == sources_digest()


def sources_digest() -> str:
    """One digest over the messages, the products and the code that pipelines are made by."""
    sources = [ANNOTATIONS / f"{language}.jsonl" for language in LANGUAGES]
    sources += [Path(__file__), Path(examples.__file__), Path(variety.__file__)]
    sources += sorted(LOOKUPS.glob("*.yml"))
    digest = hashlib.sha256()
    for source in sources:
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


def trained(language: str, messages: list[Annotated], seed: int = SEED) -> Any:
    """A pipeline that has learned these messages."""
    spacy = _spacy()
    training = importlib.import_module("spacy.training")
    spacy.util.fix_random_seed(seed)
    chance = random.Random(seed)
    pipeline = spacy.blank(language)  # for Chinese this splits characters: no dictionary needed
    recogniser = pipeline.add_pipe("ner", config={"model": _architecture()})
    for label in LABELS:
        recogniser.add_label(label)
    another = _anothers(language, chance)
    first = [_example(pipeline, training, message) for message in messages]
    optimizer = pipeline.initialize(lambda: first)
    optimizer.learn_rate = LEARN_RATE
    for _ in range(ROUNDS):
        shown = [_example(pipeline, training, _varied(m, another, chance)) for m in messages]
        chance.shuffle(shown)
        for batch in spacy.util.minibatch(shown, BATCH_SIZE):
            pipeline.update(batch, sgd=optimizer, drop=DROPOUT)
    pipeline.add_pipe(RULES, before="ner")
    return pipeline


def _varied(
    message: Annotated, another: Callable[[str, str], str], chance: random.Random
) -> Annotated:
    """The message as it is, or about others, or without capitals: so that what is learned is how
    people speak of names and addresses, not whose they were."""
    varied = message.swapped(another) if chance.random() < 0.75 else message
    return varied.lowered() if chance.random() < 0.2 else varied


def _anothers(language: str, chance: random.Random) -> Callable[[str, str], str]:
    is_latin = language == "en"
    called = [n for p in products() for n in p.called if n.isascii() == is_latin]

    def another(label: str, like: str) -> str:
        if label == "person_name":
            return variety.person(language, like, chance)
        if label == "address":
            return variety.address(language, like, chance)
        return chance.choice(called) if chance.random() < 0.5 else like

    return another


def _example(pipeline: Any, training: Any, message: Annotated) -> Any:
    doc = pipeline.make_doc(_readable(message.text))
    return training.Example.from_dict(doc, {"entities": list(message.spans)})


def _architecture() -> dict[str, Any]:
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": None,
            "width": WIDTH,
            "depth": DEPTH,
            "embed_size": 2000,
            "window_size": 1,
            "maxout_pieces": 3,
            "subword_features": True,
        },
    }


def mark_by_rules(doc: Any) -> Any:
    """Set what the rules are certain of; the recogniser then fills the rest around it."""
    certain = [
        each
        for each in (*names(doc.text), *addresses(doc.text), *shelf().find(doc.text))
        if each.is_named or each.kind != "person_name"
    ]
    spans = [
        doc.char_span(each.start, each.end, label=each.kind, alignment_mode="expand")
        for each in without_overlaps(certain)
    ]
    util = importlib.import_module("spacy.util")
    doc.ents = util.filter_spans([span for span in spans if span is not None])
    return doc


def _entity(line: str, span: Any) -> Entity:
    value = " ".join(line[span.start_char : span.end_char].split())
    return Entity(span.label_, span.start_char, span.end_char, value)


def _readable(line: str) -> str:
    """Of the same length, with plain blanks; what has no blank for long is parted, for spaCy's
    cost grows with the square of its length."""
    plain = _SPACES.sub(" ", line)
    return ENDLESS.sub(lambda found: found.group()[:-1] + " ", plain)


@lru_cache(maxsize=1)
def own_terms() -> frozenset[str]:
    """Names of nobody, in lower case, from `nlu_data/lookups/terms.yml`."""
    import yaml  # noqa: PLC0415 - only once in the life of a process

    with (LOOKUPS / "terms.yml").open(encoding="utf-8") as file:
        told: dict[str, list[str]] = yaml.safe_load(file)
    return frozenset(str(term).lower() for terms in told.values() for term in terms)


@contextmanager
def _quiet() -> Iterator[None]:
    """A pipeline of the neighbouring spaCy is welcome: it need not warn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _spacy() -> Any:
    with _without_torch():
        spacy = importlib.import_module("spacy")
    logging.getLogger("spacy").setLevel(logging.WARNING)  # it reports each vocabulary it makes
    language = importlib.import_module("spacy.language").Language
    if not language.has_factory(RULES):
        language.component(RULES, func=mark_by_rules)
    return spacy


@contextmanager
def _without_torch() -> Iterator[None]:
    """spaCy loads torch where it finds it: 180 MB and a second that these pipelines do not need."""
    if "torch" in sys.modules or "spacy" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]  # importing it now fails, as intended
    try:
        yield
    finally:
        del sys.modules["torch"]
