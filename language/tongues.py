"""Which language a message is in, and in which one to answer.

Other scripts are told by their letters; languages in Latin letters by their everyday words and,
where those are too few, by py3langid. Short lines count as English or Chinese unless they are
surely something else: taking a customer's slang for a foreign language is the worse mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from language.text import CHINESE

ENGLISH, ZH, OTHER = "en", "zh", "other"
SURE = 0.9  # from here on a message is answered with "I speak only English and Chinese"
FEW_WORDS = 3  # below, only everyday words of a language tell it

_CHINESE = re.compile(f"[{CHINESE}]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
# Scripts of languages that nobody trained. Kana and Hangul outweigh the Chinese beside them.
_JAPANESE_OR_KOREAN = re.compile("[\u3041-\u30ff\u1100-\u11ff\uac00-\ud7af]")
_OTHER_SCRIPT = re.compile(
    "[\u0370-\u058f\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u0f00-\u10ff\u1200-\u137f\u1780-\u17ff]"
)
# Addresses and codes are written alike in every language. An address is looked for only where a
# run of its characters begins, or long runs would cost their square.
_NO_LANGUAGE = re.compile(
    r"(?<![\w.+-])[\w.+-]+@[\w.-]+|https?://\S+|\b[A-Z]{2}\s?-?\d{3,}\b|\b\w*\d\w*\b",
    re.I | re.A,
)
# Said by everybody, in whatever language the talk is.
_EVERYWHERE = (
    "ok okay okey okk yes no yep yeah hi hello hey bye goodbye thanks thank you thx please sorry "
    "pls plz vip app email mail sms pdf qr id url usb wifi paypal visa mastercard amex alipay "
    "wechat iban ups dhl fedex sf ems online lol cool good great nice wow hmm um"
)
_EVERYDAY = {
    "de": "ich nicht ist und das der die den dem ein eine einen mein meine meinen meiner bitte wo "
    "wie wann warum habe hallo danke wurde noch auf mit für kann möchte bestellung paket geld "
    "guten tag seit immer sie mir mich von zu zurück lieferung rechnung",
    "fr": "je ne pas est et le la les un une des mon ma mes où comment quand pourquoi bonjour "
    "merci avec pour vous nous votre commande colis s'il plaît suis j'ai c'est n'est ai reçu "
    "veux voudrais annuler remboursement facture dans sur livraison",
    "es": "el la los las un una mi mis no es está dónde donde cómo cuándo por qué para con hola "
    "gracias pedido quiero puedo necesito favor su tengo ha llegado reembolso cuenta factura "
    "del que buenos días paquete envío dinero devolución",
    "it": "il lo la gli un una mio mia non è dove come quando perché per con ciao grazie ordine "
    "voglio vorrei posso ho sono questo mi che di del della pacco rimborso fattura buongiorno "
    "ancora spedizione soldi",
    "pt": "o os as um uma meu minha não é onde como quando por para com olá obrigado obrigada "
    "pedido quero posso preciso favor está eu você encomenda reembolso conta fatura do da que "
    "ainda chegou dinheiro entrega",
    "nl": "ik niet is en het de een mijn waar hoe wanneer waarom hallo bedankt met voor kan wil "
    "bestelling pakket geld terug nog graag jullie heb ben naar van op dank goedendag levering "
    "factuur account wachtwoord",
    "pl": "nie jest i w na z do moje moja mój gdzie jak kiedy dlaczego proszę dziękuję cześć "
    "zamówienie paczka chcę mogę się mam dzień dobry zwrot pieniądze faktura konto jeszcze",
    "sv": "jag inte är och det den ett en min mitt var hur när varför hej tack med för kan vill "
    "beställning paket pengar tillbaka har på till mig ordern leverans konto",
    "da": "jeg ikke er og det den et en min mit hvor hvordan hvornår hvorfor hej tak med for kan "
    "vil bestilling pakke penge tilbage har på til mig ordre levering konto",
    "no": "jeg ikke er og det den et en min mitt hvor hvordan når hvorfor hei takk med for kan "
    "vil bestilling pakke penger tilbake har på til meg ordren levering konto",
    "fi": "en ei on ja se minun missä miten milloin miksi hei kiitos tilaus tilaukseni paketti "
    "haluan voin minä rahat takaisin vielä lasku tili onko",
    "tr": "ve bir bu için ne nerede nasıl neden merhaba teşekkürler sipariş siparişim istiyorum "
    "değil mi var yok benim param iade hesabım kargo kargom lütfen ben bana",
    "cs": "je a se na v z do můj moje kde jak kdy proč prosím děkuji ahoj objednávka balík chci "
    "mohu jsem dobrý den peníze zpět faktura účet ještě ne není",
    "ro": "este și nu un o meu mea unde cum când de ce bună mulțumesc cu pentru comanda coletul "
    "vreau pot am rog banii înapoi factura contul încă",
    "hu": "nem van és a az egy hol hogyan mikor miért szia köszönöm rendelés rendelésem csomag "
    "szeretném kérem vissza pénzt számla fiók még jó napot",
    "id": "saya tidak ada di dan yang ini itu mana bagaimana kapan mengapa halo terima kasih "
    "pesanan paket mau bisa uang kembali untuk dengan sudah belum tolong akun",
    "vi": "tôi không là và của cho đâu ở làm thế nào khi xin chào cảm ơn đơn hàng muốn có được "
    "tiền lại chưa tài khoản giao vui lòng bị",
}


class Tongue(NamedTuple):
    """`name`: en, zh or other. `confidence` 0: nothing in it is of any language. `by_letters`:
    its letters alone tell, so that whatever seems to be understood of it is not."""

    name: str
    confidence: float
    by_letters: bool = False


def tongue_of(text: str, is_known: Callable[[str], bool]) -> Tongue:
    """The language of a message. `is_known` tells the words that stand in English lines."""
    told = _NO_LANGUAGE.sub(" ", text)
    chinese = len(_CHINESE.findall(told))
    if len(_JAPANESE_OR_KOREAN.findall(told)) * 3 > chinese:
        return Tongue(OTHER, 1.0, by_letters=True)
    letters = len(_OTHER_SCRIPT.findall(told))
    words = [word.lower() for word in _LATIN_WORD.findall(told)]
    if letters > sum(map(len, words)) + 2 * chinese:
        return Tongue(OTHER, min(1.0, letters / 3), by_letters=True)
    if chinese:
        share = chinese / (chinese + len(words))
        return Tongue(ZH, share) if chinese >= len(words) else Tongue(ENGLISH, 1 - share)
    if not words:
        return Tongue(ENGLISH, 0.0)
    return _in_latin_letters(told, words, is_known)


def answered_in(text: str, so_far: str) -> str:
    """The language to answer a message in, `en` or `zh`, where the talk was in `so_far`.

    It follows what the customer writes. Numbers, addresses, names and what everybody says
    everywhere ("ok", one English word in a Chinese talk) change nothing.
    """
    told = _NO_LANGUAGE.sub(" ", text)
    chinese = len(_CHINESE.findall(told))
    words = [word for word in _LATIN_WORD.findall(told) if word.lower() not in _everywhere()]
    if chinese:
        heavier = chinese * (2 if so_far == ZH else 1) >= len(words)
        return ZH if heavier else ENGLISH
    if not words or (so_far == ZH and (len(words) == 1 or _is_a_name(words))):
        return so_far
    return ENGLISH


def _is_a_name(words: list[str]) -> bool:
    return len(words) <= FEW_WORDS and all(word != word.lower() for word in words)


def _in_latin_letters(told: str, words: list[str], is_known: Callable[[str], bool]) -> Tongue:
    english = [w for w in words if w in _everywhere() or is_known(w)]
    known = len(english) / len(words)
    everyday = _everyday_hits(words)
    name, hits = max(everyday, key=lambda each: each[1], default=("", 0))
    foreign = [w for w in set(words) if w in _everyday(name)] if name else []
    if hits >= 2 and hits / len(words) >= 0.3 and known < 0.7 and _tells(foreign, english):
        return Tongue(OTHER, min(1.0, 0.6 + hits / len(words)))
    if known >= 0.5 or (len(words) < FEW_WORDS and not hits):
        return Tongue(ENGLISH, 0.5 + known / 2)
    guess, chance = _guess(told)
    if guess != ENGLISH and len(words) >= FEW_WORDS:
        return Tongue(OTHER, chance * (1 - known))
    if hits and known == 0:
        return Tongue(OTHER, 0.95)
    return Tongue(ENGLISH, 0.5 + known / 2)


def _tells(foreign: list[str], english: list[str]) -> bool:
    """Whether some of the words are no English ones as well."""
    return len(set(foreign) - set(english)) >= 2


def _everyday_hits(words: list[str]) -> Iterator[tuple[str, int]]:
    for name in _EVERYDAY:
        yield name, sum(word in _everyday(name) for word in words)


@cache
def _everywhere() -> frozenset[str]:
    return frozenset(_EVERYWHERE.split())


@cache
def _everyday(name: str) -> frozenset[str]:
    return frozenset(_EVERYDAY[name].split())


def _guess(text: str) -> tuple[str, float]:
    name, chance = _identifier().classify(text.lower())
    return str(name), float(chance)


@cache
def _identifier() -> Any:
    """Loaded when it is first needed: 30 MB and a fifth of a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    found = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    found.set_languages([ENGLISH, *_EVERYDAY, "hr", "sk", "ca", "et", "lv", "lt", "sl", "ms", "tl"])
    return found
