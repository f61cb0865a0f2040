"""Names and addresses of people who do not exist, so that training learns how one speaks of them
and not whose they were. Of use in training only."""

from __future__ import annotations

import random
from functools import lru_cache

import yaml

from language.entities.names import LOOKUPS, SURNAMES


def _words(told: str) -> list[str]:
    return told.split()


_STATES = _words("NY CA TX CO WA IL MA OR")
_STREETS = _words(
    "Church Mill Station Park High Orchard Victoria Green Manor Kings Queens North South Elm Oak "
    "Cedar Maple"
    " Willow Chapel Bridge Castle Harbour River Spring Hill Abbey Grange Albert Windsor York Mead"
    "ow Hawthorn"
)
_TYPES = _words(
    "Road Street Lane Avenue Close Drive Terrace Place Way Court Row Rd St Ave Ln Gardens Crescent"
)
_TOWNS = _words(
    "Bristol Leeds York Bath Oxford Cork Galway Dublin Edinburgh Cardiff Norwich Exeter Lincoln D"
    "urham Truro"
    " Boston Austin Denver Portland Seattle Chicago Toronto Sydney Reading Preston Derby Belfast "
    "Swansea"
)
_STRASSEN = _words(
    "Linden Bahnhof Haupt Garten Schul Berg Wald Ring Mozart Goethe Schiller Kirch Rosen Blumen"
)
_ENDS = _words("straße strasse str. weg allee platz gasse ring")
_STADT = _words(
    "Berlin Hamburg München Köln Bremen Wien Graz Zürich Basel Leipzig Dresden Bonn Mainz Ulm"
)
_ROMANCE = (
    ("Via Garibaldi", "Milano"), ("Via Mazzini", "Bologna"), ("Corso Cavour", "Torino"),
    ("rue Victor Hugo", "Lyon"), ("rue du Moulin", "Lille"), ("Calle Mayor", "Madrid"),
    ("Calle Real", "Sevilla"), ("Rua Direita", "Porto"), ("Avenida Central", "Lisboa"),
)  # fmt: skip
_HOUSES = _words("Rose Maple Ivy Mill Church Hill Beech Orchard")

_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚桂英华玉萍红鹏辉波宁晨宇浩欣怡子涵梓萱博文诗雨思远嘉"
    "佳俊豪雪梅兰婷慧莹"
)
_CITIES = _words(
    "北京市 上海市 广州市 深圳市 杭州市 南京市 成都市 武汉市 西安市 重庆市 苏州市 天津市 长沙市 "
    "青岛市"
)
_PROVINCES = _words("浙江省 江苏省 广东省 山东省 四川省 湖北省 河南省 福建省")
_DISTRICTS = _words(
    "朝阳区 海淀区 西湖区 天河区 徐汇区 武侯区 雁塔区 鼓楼区 江北区 高新区 东城区 玄武区 南山区 "
    "滨江区"
)
_ROADS = _words(
    "人民 中山 解放 建设 和平 文化 延安 长江 北京 南京 科技 幸福 光明 迎宾 学府 滨河 朝阳 东风"
)
_ESTATES = _words(
    "阳光花园 翠湖小区 金色家园 万科城 世纪大厦 锦绣公寓 东方广场 绿城苑 书香门第 幸福里"
)


def person(language: str, like: str, chance: random.Random) -> str:
    """Somebody, named in the manner of `like`: as formally, as long, with or without capitals."""
    if language == "zh" and not like.isascii():
        return _chinese_person(like, chance)
    given, family = chance.choice(_given()).capitalize(), chance.choice(_family())
    title, blank, _ = like.partition(" ")
    if blank and title.rstrip(".").lower() in ("mr", "mrs", "ms", "dr", "herr", "frau", "prof"):
        made = f"{title} {family}"
    elif not blank:
        made = given if chance.random() < 0.8 else family
    elif title.endswith(","):
        made = f"{family}, {given}"
    elif title.endswith("."):
        made = f"{given[0]}. {family}"
    else:
        made = f"{given} {family}"
    return made.lower() if like == like.lower() else made.upper() if like.isupper() else made


def _chinese_person(like: str, chance: random.Random) -> str:
    surname = chance.choice(SURNAMES)
    for title in ("先生", "女士", "小姐", "太太", "师傅", "老师", "经理", "阿姨"):
        if like.endswith(title):
            return surname + title
    if len(like) == 1 or "·" in like or like[0] in "小老阿":
        return like
    return surname + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2))))


def address(language: str, like: str, chance: random.Random) -> str:
    """Some address. What is short, as a street alone is, stays what it is."""
    if len(like) < (9 if language == "zh" else 15):
        return like
    if language == "zh" and not like.isascii():
        return _chinese_address(chance)
    made = chance.choice((_british, _british, _american, _german, _southern))(chance)
    return made.lower() if like == like.lower() else made


def _british(chance: random.Random) -> str:
    number, street = chance.randint(1, 240), f"{chance.choice(_STREETS)} {chance.choice(_TYPES)}"
    before = chance.choice(
        ("", "", "", f"Flat {chance.randint(1, 30)}, ", f"{chance.choice(_HOUSES)} House, ")
    )
    letters = "".join(chance.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
    code = (
        f" {chance.choice(_TOWNS)[:2].upper()}{chance.randint(1, 29)} {chance.randint(1, 9)}"
        f"{letters}"
    )
    town = chance.choice(_TOWNS)
    return f"{before}{number} {street}, {town}{chance.choice((code, code, ''))}"


def _american(chance: random.Random) -> str:
    street = f"{chance.randint(10, 9900)} {chance.choice(_STREETS)} {chance.choice(_TYPES)}"
    unit = chance.choice(
        ("", "", f" Apt {chance.randint(1, 40)}", f", Suite {chance.randint(100, 900)}")
    )
    state = chance.choice(_STATES)
    return f"{street}{unit}, {chance.choice(_TOWNS)}, {state} {chance.randint(10000, 98999)}"


def _german(chance: random.Random) -> str:
    street = f"{chance.choice(_STRASSEN)}{chance.choice(_ENDS)} {chance.randint(1, 180)}"
    return f"{street}, {chance.randint(10000, 98999)} {chance.choice(_STADT)}"


def _southern(chance: random.Random) -> str:
    street, town = chance.choice(_ROMANCE)
    return f"{street} {chance.randint(1, 150)}, {chance.randint(10000, 98999)} {town}"


def _chinese_address(chance: random.Random) -> str:
    region = chance.choice(("", chance.choice(_PROVINCES))) + chance.choice(_CITIES)
    road = f"{chance.choice(_ROADS)}{chance.choice('路街')}{chance.randint(1, 900)}号"
    room = chance.choice(
        (
            "",
            f"{chance.randint(1, 30)}栋{chance.randint(101, 2802)}",
            f"{chance.choice(_ESTATES)}{chance.randint(1, 30)}号楼{chance.randint(101, 2802)}室",
            f"{chance.randint(2, 30)}楼",
        )
    )
    return f"{region}{chance.choice(_DISTRICTS)}{road}{room}"


@lru_cache(maxsize=1)
def _listed() -> dict[str, str]:
    with (LOOKUPS / "names.yml").open(encoding="utf-8") as file:
        return dict(yaml.safe_load(file))


@lru_cache(maxsize=1)
def _given() -> list[str]:
    return sorted(f"{_listed()['given_names']} {_listed()['also_words']}".split())


@lru_cache(maxsize=1)
def _family() -> list[str]:
    return [name.replace("-", " ") for name in _listed()["family_names"].split()]
