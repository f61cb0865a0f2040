"""Postal addresses, from their parts: number and street, postcode and town; 省市区路号."""

from __future__ import annotations

import re
from collections.abc import Iterator

from language.entities.spans import Entity

# ------------------------------------------------------------------------- in Latin letters

_STREET = (
    r"streets?|st|roads?|rd|lane|ln|avenue|ave|drive|dr|way|court|ct|place|pl|square|sq|terrace"
    r"|close|crescent|cres|gardens|gdns|boulevard|blvd|row|grove|hill|quay|mews|walk|parade"
    r"|approach|highway|hwy|parkway|pkwy|circle|cir|alley|green|park|wharf|rise|bank|gate|trail"
    r"|view|heights"
)
_WORD = r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’.-]{0,24}"
_STREET_WORD = rf"(?:{_WORD}|\d{{1,3}}(?:st|nd|rd|th))"
_HOUSE = r"\d{1,5}[A-Za-z]?(?:[-/]\d{1,4}[A-Za-z]?)?"
_UNIT = (
    r"(?:flat|apartment|apt|unit|suite|ste|room|rm|floor|block|studio)\.?"
    r" ?#?(?:[A-Za-z]?\d{1,4}[A-Za-z]?|[A-Za-z]\b)|#\d{1,5}[A-Za-z]?|\d{1,2}(?:st|nd|rd|th) floor"
)
# Maple House, Rose Cottage
_PREMISES = (
    r"(?-i:(?:[Tt]he )?(?:[A-Z][A-Za-z'’]{1,20} ){1,2}"
    r"(?:House|Cottage|Court|Farm|Mill|Lodge|Hall|Building|Tower|Towers|Villa|Barn|Rectory))"
)
# 24 Church Road · 7 Orchard Lane · 1600 Pennsylvania Avenue NW
_NUMBER_FIRST = (
    rf"(?:{_PREMISES},? )?(?:(?:{_UNIT}),? |(?:flat|unit|apt"
    rf"|apartment) )?{_HOUSE},? (?:{_STREET_WORD} ){{1,3}}?(?:{_STREET})\b\.?(?: (?:NW|NE|SW|SE"
    rf"|[NSEW])\b)?"
    rf"|(?:{_PREMISES}|{_UNIT}), (?:{_WORD} ){{1,2}}?(?:{_STREET})\b"
)
# Lindenallee 14 · Lange Straße 5a · Musterstr. 12
_GERMAN = (
    r"(?:[A-Za-z\u00c0-\u024f-]{2,24}(?:stra(?:ß|ss)e|str\.?|weg|platz|allee|gasse|ring|ufer|damm"
    r"|markt|steig|hof|chaussee|straat|gracht|laan|plein|kade|gatan|vej|gade)"
    rf"|[A-Z][\w-]{{2,24}} (?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee|Ring|Ufer|Damm|Gasse"
    rf"|Markt)) {_HOUSE}"
)
# Via Garibaldi 5 · rue de la Paix 12 · Calle Mayor, 3
_ROMANCE = (
    r"(?:via|viale|piazza|corso|vicolo|rue|place|avenue|calle|plaza|paseo|avenida|rua|largo"
    rf"|ulica|ul\.) (?:{_WORD} ){{0,3}}{_WORD},? {_HOUSE}"
    rf"|{_HOUSE},? (?:rue|avenue|boulevard|place|quai|impasse|chemin|allée) (?:{_WORD} ?){{1,4}}"
)
_PO_BOX = r"p\.?\s?o\.? ?box \d{1,6}"
_POSTCODE = (
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|[A-Z]{2} \d{5}(?:-\d{4})?\b|\d{4} ?[A-Z]{2}\b"
    r"|[A-Z]\d[A-Z] ?\d[A-Z]\d\b|\d{2}-\d{3}\b|\d{3,4}-\d{3,4}\b|\d{3} \d{2}\b"
    r"|(?:[A-Z]{1,2}-)?\d{4,6}\b|D\d{1,2}\b(?: [A-Z\d]{4}\b)?"
)
_NO_TOWN = (
    r"(?!(?:please|thanks?|thank|and|instead|not|no|because|cos|order|is|was|but|or|asap|for|from"
    r"|if|so|since|the|i|my|it|its|it's|that|this|we|you|as|by|on|at|to|until|kd|can|could|would"
    r"|will|should|shipping|billing|deliver|stop|there|not|instead|cheers|regards|sorry|with"
    r"|where|when|which|what|how|today|tomorrow|now|ok|okay|pls"
    r"|plz|phone|tel|mobile|email|e-mail|name|number|rather|has|have|had|still|moved|are|were)\b)"
)
# ", Bristol BS1 5TR, UK": what comes after number and street. Who writes streets with capitals
# writes towns so; for others a town has to stand between commas or before a postcode.
_CAPITAL = r"(?-i:[A-Z\u00c0-\u017d](?:[A-Za-z\u00c0-\u024f'’.-]{1,24}))"
_SMALL = r"(?-i:(?:upon|on|in|de|del|der|am|an|le|la|les|sur|of|the|and|bei|im|under)\b)"


def _tail(place: str, last: str) -> re.Pattern[str]:
    town = rf"{place}(?: {place}){{0,3}}"
    return re.compile(
        rf"(?:\s*[,\n;]\s*(?:(?:{_UNIT})|(?:{_POSTCODE})(?: {town})?"
        rf"|{town}(?: (?:{_POSTCODE}))?)(?=\s*(?:[,.;!?\n)]|$){last})"
        rf"| (?:{_UNIT})(?!\w)"
        rf"| (?:in )?(?:{place} ){{0,3}}(?:{_POSTCODE})(?!\w)(?: {_CAPITAL})?"
        rf"| {_NO_TOWN}{_CAPITAL}(?!\w))",
        re.I,
    )


_TAIL = _tail(rf"{_NO_TOWN}(?:{_CAPITAL}|{_SMALL} {_CAPITAL})", r"|(?![\w@])")
_SMALL_TAIL = _tail(rf"{_NO_TOWN}(?:{_WORD})", "")
CORE = re.compile(rf"(?<![\w€$£.-])(?:{_NUMBER_FIRST}|{_GERMAN}|{_ROMANCE}|{_PO_BOX})(?!\w)", re.I)
_INSIDE = re.compile(r"flat|apartment|apt|unit|suite|room|the |[a-z]+ (?:house|court|mill)", re.I)
_COMMA = re.compile(r"\s*[,\n]\s*")
MOST_PARTS = 6
LONGEST_ADDRESS = 160
# "2 cups on the way", "10 days by the way": a number and a word that a street may end with.
_NO_STREET = re.compile(
    r"\b(?:days?|weeks?|months?|hours?|minutes?|times?|years?|on|the|of|in|my|your|this|that|it|is"
    r"|was|are|cups?|teapots?|pots?|items?|orders?|euros?|dollars?|pounds?|bucks|people|pieces"
    r"|no|any|some|half|and|but|i|we|they|or|for|to|by|a|green tea|x|pm|am|pcs|sets?|pairs?"
    r"|percent|boxes|from|at|with|arrived|came|both|still|tea)\b",
    re.I,
)
_TRAIL = " \t\n,;.-"

# -------------------------------------------------------------------------------- Chinese

_N = (
    r"(?:[A-Za-z]?\d{1,5}[A-Za-z]?(?:[-－]\d{1,4})*|[一二三四五六七八九十百零〇]{1,5}"
    r"|[甲乙丙丁东西南北中]|[A-Za-z](?=[座栋幢区楼]))"
)
_CITIES = (
    "北京|上海|天津|重庆|广州|深圳|杭州|南京|苏州|成都|武汉|西安|长沙|郑州|青岛|济南|大连|沈阳"
    "|哈尔滨|长春"
    "|厦门|福州|宁波|无锡|合肥|南昌|昆明|贵阳|南宁|海口|三亚|石家庄|太原|兰州|银川|西宁|乌鲁木齐"
    "|拉萨"
    "|呼和浩特|东莞|佛山|珠海|中山|惠州|温州|绍兴|嘉兴|金华|常州|南通|徐州|扬州|烟台|威海|洛阳"
    "|泉州|桂林"
    "|香港|澳门|台北"
)
_PROVINCES = (
    "河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州"
    "|云南|陕西"
    "|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆"
)
# A name may not begin inside of the words that lead to it: 寄到, 地址是, 改成, 住在.
_LETTER = r"[\u4e00-\u9fff]"
_NAME = r"(?![到为是在给往至去的址改换寄送发住把从我您你请帮要再就还也了吗呢])" + _LETTER
_NAMED = rf"(?:{_NAME}){{1,8}}?"
_PROVINCE_PART = rf"(?:(?:{_PROVINCES})(?:省|(?:壮族|回族|维吾尔)?自治区)?\s?)"
_CITY_PART = rf"(?:(?:{_CITIES})市?\s?|{_NAMED}(?:市|自治州|盟|地区)\s?)"
_DISTRICT_PART = rf"(?:{_NAMED}(?:新区|开发区|高新区|园区|区|區|县|縣|旗|市)\s?)"
_TOWN_PART = rf"(?:{_NAMED}(?:街道办?|镇|乡)\s?)"
_ROAD_PART = (
    rf"(?:{_NAMED}(?:大道|大街|路|街|巷|胡同|里弄|道|公路|东街"
    rf"|弄)(?:[东南西北中上下]?[一二三四五六七八九]?段"
    rf"|[东西南北](?=\s?[\d一二三四五六七八九]))?\s?)"
)
_HOUSE_PART = rf"(?:{_N}\s?(?:号院|[号號]|弄|巷|支弄)(?!楼)(?:之[一二三四五六七八九])?\s?)"
_ESTATE_PART = (
    rf"(?:(?:[A-Za-z]{{2,10}}\s?)?{_NAMED}(?:小区|花园|花苑|公寓|大厦|广场|家园|新村|嘉园|苑|城"
    rf"|村|府|园|湾|中心|大学|学校"
    r"|医院|公司|科技园|产业园|里)\s?(?:[一二三四五六七八九东西南北\d]{1,2}[区期门])?\s?)"
)
_ROOM_PART = (
    rf"(?:{_N}\s?(?:号楼|栋|幢|座|单元|楼|樓|层|室|舍|号房|户|号|门|房)\s?)"
    r"|(?:(?<=[栋幢座元楼层舍])[A-Za-z]?\d{2,5}[A-Za-z]?(?!\d)\s?)"
    r"|(?:\d{1,3}-\d{1,3}(?:-\d{2,5})?(?!\d)\s?)"
)
_COUNTRY_SIDE = rf"{_PROVINCE_PART}?{_CITY_PART}?{_DISTRICT_PART}{{0,2}}{_TOWN_PART}?"
CHINESE = re.compile(
    rf"(?P<region>{_COUNTRY_SIDE})(?P<road>{_ROAD_PART}{{0,2}}{_HOUSE_PART}{{0,2}})"
    rf"(?P<estate>{_ESTATE_PART}{{0,2}})(?P<room>(?:{_ROOM_PART}){{0,5}})"
    r"(?P<post>[,，]?\s?(?<!\d)\d{6}(?!\d))?"
)
_MAY_HOLD_ONE = re.compile(r"[省市区县镇乡路街巷弄号栋幢座室楼村苑园道厦]")
_CHINESE_RUN = re.compile(r"[\u4e00-\u9fffA-Za-z\d〇 \-－()（）#、,，]+")
_ROOM = re.compile(r"(?:号楼|栋|幢|座|单元)\s?[\dA-Za-z]")  # 12号楼3单元
_LEAD = re.compile(
    r"(?:(?:麻烦|请|帮我|把|地址|收货|新|现在|改|换|寄|送|发|配送|快递|到|成|为|是|在|给|往|至|去"
    r"|我|们|家|住"
    r"|的|就|公司|单位|搬|这里|那|您|你)(?!都市|华区))+[:：,，\s]*"
)


def addresses(line: str) -> Iterator[Entity]:
    """Every postal address of a folded line; the value is in one line, as written."""
    yield from _latin(line)
    if _MAY_HOLD_ONE.search(line):
        yield from _in_chinese(line)


def _latin(line: str) -> Iterator[Entity]:
    at = 0
    while (found := CORE.search(line, at)) is not None:
        at = max(found.end(), found.start() + 1)
        core = found.group()
        if _NO_STREET.search(core):
            at = found.start() + len(core.split(" ", 1)[0]) or at
            continue
        end = _with_tail(line, found.start(), found.end())
        at = max(at, end)
        yield _entity(line, found.start(), end)


def _with_tail(line: str, start: int, end: int) -> int:
    is_small = line[start:end] == line[start:end].lower()
    tail = _SMALL_TAIL if is_small else _TAIL
    is_inside = _INSIDE.match(line, start) is not None
    for _ in range(MOST_PARTS):
        comma = _COMMA.match(line, end)
        more = tail.match(line, end)
        if is_inside and comma:
            more = CORE.match(line, comma.end()) or more
        if more is None or more.end() - start > LONGEST_ADDRESS:
            break
        end = more.end()
    return end


def _in_chinese(line: str) -> Iterator[Entity]:
    at = 0
    while at < len(line):
        found = CHINESE.search(line, at)
        if found is None:
            return
        if found.end() == found.start():
            at = found.end() + 1
            continue
        at = found.end()
        if _is_whole(found):
            start = found.start()
            lead = _LEAD.match(line, start, found.end())
            yield _entity(line, lead.end() if lead else start, found.end())


def _is_whole(found: re.Match[str]) -> bool:
    """At least two parts, of which one tells the house: else 这个路 would be an address."""
    parts = {name: part or "" for name, part in found.groupdict().items()}
    has_number = re.search(r"[\d一二三四五六七八九十]", parts["road"] + parts["room"]) is not None
    told = sum(bool(parts[name].strip()) for name in ("region", "road", "estate", "room"))
    has_house = has_number and "号" in parts["road"]
    if _ROOM.search(parts["room"]):
        return True
    return (told >= 2 and (has_number or bool(parts["region"] and parts["road"]))) or (
        has_house and re.search(r"[路街巷弄道同]", parts["road"]) is not None
    )


def _entity(line: str, start: int, end: int) -> Entity:
    written = line[start:end]
    end -= len(written) - len(written.rstrip(_TRAIL + "，、"))
    written = line[start:end]
    value = re.sub(r"\s*\n\s*", ", ", written.strip(_TRAIL))
    return Entity("address", start, end, " ".join(value.split()))
