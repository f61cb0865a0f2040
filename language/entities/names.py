"""People's names, where the words around them or the names themselves give them away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from language.entities.spans import Entity

LOOKUPS = Path(__file__).resolve().parents[2] / "nlu_data" / "lookups"

_CAPITAL = r"(?-i:[A-Z\u00c0-\u00de])"
_PART = (
    rf"(?:{_CAPITAL}['’]?[A-Za-z\u00c0-\u024f]{{0,20}}(?:[-'’][A-Za-z\u00c0-\u024f]{{1,20}})?\.?)"
)
_BETWEEN = r"(?:(?:van|von|der|den|de|da|di|del|della|la|le|bin|al|ter|dos|y)\s){0,2}"
NAME = rf"{_PART}(?:[ ]{_BETWEEN}{_PART}){{0,3}}"
_LOWER = (
    r"[a-z\u00e0-\u024f]{2,20}(?:[-'’][a-z\u00e0-\u024f]{2,20})?(?:\s[a-z\u00e0-\u024f'’-]{2,20})"
    r"{0,2}"
)
_TITLE = r"(?:mr|mrs|ms|mx|miss|dr|prof|professor|sir|madam|herr|frau|signora?|monsieur|madame)\.?"

# After these words stands a name, whatever it is.
SURE = re.compile(
    r"(?<![a-z])(?<!street )(?<!town )(?<!product )(?<!company )(?<!city )(?:(?:my|his|her|their"
    r"|our|the) (?:(?:full|first|last|maiden|real|legal|new|old) )?"
    r"(?:name|surname)(?:'s| is| was|:)?(?: now)?|(?:card ?holder|account holder|recipient"
    r"|addressee|customer"
    r"|name on (?:the |my )?(?:card|order|account|parcel)|(?:full |first |last )?name|user(?:name)?"
    r"|sur ?name|signed for by|signed by|contact)(?:'s)?(?: name)?\s?(?:is|was|[:=])|in the name of"
    r"|under the name(?: of)?|addressed to(?! (?:some|a\b|the|me|my))|attn:?|attention:?|c/o"
    r"|i am called|i'm called|call me"
    rf"|people call me|(?:card|account|parcel|order|it) belongs to|(?:some(?:one|body)|a (?:man"
    rf"|woman|person|lady)) (?:called|named)"
    rf"|booked under|made out to|on behalf of|picked up by|collected by|\"(?:full_?|first_?"
    rf"|last_?)?name\"\s?:\s?\")\s*(?:{_TITLE}\s)?"
    rf"(?:(?P<name>{NAME})|(?P<lower>{_LOWER}))",
    re.I,
)
# After these mostly something else stands: only what is written as a name is one.
LIKELY = re.compile(
    r"(?<![a-z])(?:i am|i'm|im|this is|it's|it is|here is|regards,?|wishes,?|sincerely,?"
    r"|faithfully,?"
    r"|yours,?|cheers,?|thanks,?|thank you,?|best,|greetings,?|dear|hi|hello|hey|signed,?|from|for"
    rf"|to|by|ask for|spoke (?:to|with)|talked to|belongs to)[ \n,–—-]{{1,4}}(?P<name>{NAME})",
    re.I,
)
TITLED = re.compile(rf"(?<![a-z])(?P<name>{_TITLE}\s{NAME})", re.I)
_KIN = (
    r"wife|husband|partner|girlfriend|boyfriend|fianc[ée]e?|mother|father|mum|mom|dad|son"
    r"|daughter|friend"
    r"|boss|brother|sister|assistant|aunt|uncle|auntie|grandma|grandmother|grandfather|grandpa"
    r"|nan|cousin"
    r"|niece|nephew|colleague|neighbou?r|flatmate|roommate|housemate|landlord|receptionist"
    r"|accountant"
    r"|agent|courier|driver|secretary|client|customer"
)
KIN = re.compile(
    rf"(?<![a-z])(?:my|your|our|his|her|their|late|the|a) (?:late |old "
    rf"|dear )?(?:{_KIN}),? (?P<name>(?:{_TITLE}\s)?{NAME})",
    re.I,
)
# At the very end, after a greeting: whoever it is.
SIGNED = re.compile(
    r"(?<![a-z])(?:regards|wishes|sincerely(?: yours)?|faithfully|yours|cheers|thanks|thank you"
    r"|thx|best"
    r"|love|gr(?:ü|ue)(?:ß|ss)en?|gru(?:ß|ss)|greetings|cordially|signed"
    r"|thanks in advance)[ \n,!.–—-]{1,4}"
    rf"(?P<name>{NAME})(?=\s*(?:$|[,.\n]))"
    rf"|(?:^|\n)[–—-]+ ?(?P<dashed>{NAME})\s*$",
    re.I,
)
NOT_SIGNED = re.compile(
    r"(?:great|very|so|for|again|all|you|kiln|kaidesk|bye|team|everyone|guys|best|kind|warm|many"
    r"|mit|in|god|much"
    r"|company|name|number|status|order|service|sent|my|the|dear|and|regards|thanks|no|yes"
    r"|please|hello|hi|support)\b",
    re.I,
)
# "i'm maria": without a capital, but a name that is no word.
SMALL = re.compile(
    r"(?<![a-z])(?:i am|i'm|im|this is|it's|its|hi|hello|hey|thanks|cheers|regards|by|from|to|for"
    r"|ask)[ ,\n]{1,2}"
    r"(?P<name>[a-z]{3,20}(?: [a-z'-]{3,20})?)(?![a-z])",
)
WHOLE = re.compile(
    r"\s*(?P<name>[A-Za-z\u00c0-\u024f'’-]{2,20}(?: [A-Za-z\u00c0-\u024f'’-]{2,20}){1,2})[\s.!]*"
)
CAPITALS = re.compile(
    rf"(?<![A-Za-z0-9_\u00c0-\u024f@./-])(?P<name>{NAME})(?![A-Za-z0-9_\u00c0-\u024f@])"
)

_STOP = re.compile(
    r"(?<![\w'’-])(?:and|but|i|my|the|is|was|not|please|order|with|email|e-mail|phone|from|at"
    r"|living|live|who"
    r"|on|in|to|for|or|if|so|because|as|can|could|would|you|it|that|this|what|where|a|an|number"
    r"|address|of|wrong|misspelled|misspelt|spelled|correct|changed|different|still|there|no|yes"
    r"|now"
    r"|just|also|tel|mobile|born|via|by|shows?|has|had|have|are|we|they|thanks|thank|hello|hi"
    r"|shown|here|again|waiting|name|wants|speaking|told|said|did|does|do"
    r"|refund|cancel|track|spelt|written|misspelled|today|tomorrow|yesterday)\b.*$",
    re.I | re.S,
)

# ------------------------------------------------------------------------------- Chinese

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐沿梅莫庄辛管祝左涂谷祁时舒"
    "耿牟卜路"
    "詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉"
    "房边辜"
)
_COMPOUND = "欧阳|上官|司马|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|端木|夏侯"
_SURNAME = rf"(?:{_COMPOUND}|[{SURNAMES}])"
_NOT_GIVEN = (
    "的了是在我你您他她它们这那个不没有就也都和跟与吗呢吧啊哦要想给到说被把从对为问订单号手机电话"
    "邮箱地址女士姐收件寄货买退已帮签代付取拿来"
)
_GIVEN = rf"[^\W\d_a-zA-Z{_NOT_GIVEN}]{{1,2}}"
_FULL = rf"{_SURNAME}{_GIVEN}"
_FOREIGN = r"[\u4e00-\u9fff]{1,5}·[\u4e00-\u9fff]{1,6}"
SURE_ZH = re.compile(
    r"(?:我叫|我的名字[是叫]?|名字[是叫为]?|名叫|姓名[是为]?|收件人(?:姓名)?[是为叫改成]{0,2}"
    r"|收货人(?:姓名)?[是为叫改成]{0,2}"
    r"|联系人[是为叫]?|户名[是为]?|持卡人[是为]?|签收人[是为]?|抬头[是写开]?|称呼[我是]?|叫我"
    r"|本人|客户[是为]?"
    r"|寄给|转给|经手人|代收人[是为]?|乘客|收款人[是为]?|实名[是为]?|署名)[:：\s\"=“”]{0,4}"
    rf"(?P<name>{_FOREIGN}|{_FULL}|(?-i:[A-Z][a-z]+(?: [A-Z][a-z]+)*))"
)
LIKELY_ZH = re.compile(
    rf"(?:(?:我是|这是|应该是|这里是|您好[,，]?|你好[,，]?|叫做"
    rf"|叫)(?P<name>{_FULL}))(?=[\s,，。.!！?？、;；\d]|$)"
)
TITLED_ZH = re.compile(
    rf"(?P<name>{_SURNAME}(?:{_GIVEN})?(?:先生|女士|小姐|太太|夫人|老师|经理|师傅|同学|阿姨|叔叔"
    rf"|姐|哥|总))"
    rf"|(?:我姓|免贵姓|本人姓)(?P<family>{_SURNAME})"
)
# Beside a telephone number or an address, and in the first line of a label: 李娜 13812345678.
KIN_ZH = re.compile(
    r"(?:爱人|妈妈?|爸爸?|老公|老婆|女儿|儿子|同事|朋友|邻居|客服|快递员|室友|姐姐|妹妹|哥哥|弟弟"
    r"|奶奶|爷爷|外婆|外公|男友|女友|助理|同学|下单人|一个叫|名叫|转告|找一下)"
    rf"(?P<name>{_FULL}|(?-i:[小老阿][\u4e00-\u9fff])(?=[，,。\s接说答帮告让])"
    rf"|(?-i:[A-Z][a-z]{{1,15}}))"
)
LATIN_ZH = re.compile(
    r"(?:我是|我叫|叫我)\s?(?P<name>(?-i:[A-Z][a-z]{1,15}(?: [A-Z][a-z]{1,15}){0,2}))"
)
FOREIGN_ZH = re.compile(
    rf"(?:^|(?<=[\s,，。:：;；、是叫]))(?P<name>{_FOREIGN})(?=$|[\s,，。!！?？、;；])"
)
BESIDE_ZH = re.compile(
    rf"(?:^|(?<=[\s,，。:：;；、|/]))(?P<name>{_COMPOUND}{_GIVEN}|{_FULL})"
    r"(?=[\s,，、;；|/]{0,2}(?:收|电话|手机|1[3-9]\d{9}|\+86|先生|女士|$|[,，]\s?1[3-9]\d))"
)
_WORDS_ZH = re.compile(
    r"^(?:方便|易碎|单子|老顾|江浙|常见|高兴|成功|方便|安全|安排|白色|黄色|金色|红色|石头|马上"
    r"|常常|时候|时间|路上|关于|关闭|强烈|单子|包裹|包邮|华为|万一|金额|马桶"
    r"|解决|解释|严重|任何|任务|左右|文件|文字|向您|向你|边上|曲线|甘肃|景点|游戏|温度|龙井|毛巾"
    r"|毛尖|白瓷|白茶|黄山|江苏|江西|安徽|石家|温州"
    r"|高铁|高级|方案|方式|方法|盛惠|谢谢|多谢|谷歌|元旦|尤其|毕竟|申请|何时|何必|于是|易碎|顾客"
    r"|管理|房间|查询|查看|查一|查下|关注|时效"
    r"|单位|单号|强制|包装|包括|包含|车间|向来|成都|武汉|武侯|宁波|宁夏|广州|苏州|杭州|夏天|秋天"
    r"|冬天|春天|周末|周一|周二|周三|周四|周五|周六|周日"
    r"|司机|解绑|应该|费用|席位|温馨|平台|平时|万元|钱包|钱款|钱呢|钱退|牛奶|龙年|常用|陶瓷|陶壶"
    r"|陶器|贾维|江浙|江南|卫生|紫砂|贺卡|贺礼|陈年|陈皮|毕业|老公|老婆|老板|老家|老人|小孩|小票)"
)


def could_be_a_name(told: str) -> bool:
    """Whether a stretch of a Chinese line is built like a name, or is one in Latin letters."""
    if told.isascii():
        return told[:1].isupper() and len(told) > 1 and not any(map(str.isdigit, told))
    return "·" in told or (_BUILT.fullmatch(told) is not None and not _WORDS_ZH.match(told))


_BUILT = re.compile(
    rf"(?:{_FULL}|[小老阿][\u4e00-\u9fff]|{_SURNAME}(?:{_GIVEN})?"
    r"(?:先生|女士|小姐|太太|夫人|老师|经理|师傅|同学|阿姨|叔叔?|姐|哥|总))"
)


def names(line: str) -> Iterator[Entity]:
    """Every name in a folded line that its own form or the words before it give away."""
    for found in SURE.finditer(line):
        group = "name" if found["name"] else "lower"
        yield from _trimmed(line, *found.span(group), is_named=True)
    for found in LIKELY.finditer(line):
        yield from _trimmed(line, *found.span("name"), must_be_known=True)
    for pattern in (TITLED, KIN):
        for found in pattern.finditer(line):
            if pattern is KIN and NOT_SIGNED.match(found["name"]):
                continue
            yield from _trimmed(line, *found.span("name"), is_named=True)
    for found in SIGNED.finditer(line):
        group = "name" if found["name"] else "dashed"
        if not NOT_SIGNED.match(found[group]):
            yield from _trimmed(line, *found.span(group))
    for pattern in (SMALL, WHOLE):
        for found in pattern.finditer(line) if pattern is SMALL else _all(pattern, line):
            if found["name"].split()[0].lower() in given_names():
                yield from _trimmed(line, *found.span("name"))
    for found in CAPITALS.finditer(line):
        yield from _trimmed(line, *found.span("name"), must_be_known=True)
    yield from _chinese_names(line)


def _all(pattern: re.Pattern[str], line: str) -> list[re.Match[str]]:
    found = pattern.fullmatch(line)
    return [found] if found else []


def _trimmed(
    line: str, start: int, end: int, *, is_named: bool = False, must_be_known: bool = False
) -> Iterator[Entity]:
    """The name without the words that come after it."""
    written = line[start:end]
    written = _STOP.sub("", written).rstrip(" .,'’-")
    if must_be_known:
        start, written = _from_known(start, written)
    if len(written) >= 2 and not _is_our_own(written):
        yield _entity(line, start, start + len(written), is_named=is_named)


def _from_known(start: int, written: str) -> tuple[int, str]:
    """From the first given name on that we know, with what follows: Hello Emily Hart is Emily
    Hart. A name alone that is also a word, such as Rose or Mark, is none."""
    for found in re.finditer(r"[^\s]+", written):
        word = found.group().strip(".,'’").lower()
        rest = written[found.start() :]
        if word in given_names() or (" " in rest and word in also_words()):
            return start + found.start(), rest
    return start, ""


def _is_our_own(written: str) -> bool:
    return written.lower() in ("kiln", "kiln & dew", "dew", "kaidesk")


def _chinese_names(line: str) -> Iterator[Entity]:
    for found in SURE_ZH.finditer(line):
        yield from _chinese_name(line, *found.span("name"), is_named=True)
    for found in TITLED_ZH.finditer(line):
        yield from _chinese_name(line, *found.span("name" if found["name"] else "family"))
    for pattern in (KIN_ZH, LATIN_ZH, FOREIGN_ZH, LIKELY_ZH, BESIDE_ZH):
        for found in pattern.finditer(line):
            yield from _chinese_name(line, *found.span("name"))


def _chinese_name(line: str, start: int, end: int, *, is_named: bool = False) -> Iterator[Entity]:
    if not _WORDS_ZH.match(line[start : end + 1]):
        yield _entity(line, start, end, is_named=is_named)


def _entity(line: str, start: int, end: int, *, is_named: bool) -> Entity:
    value = " ".join(line[start:end].split())
    return Entity("person_name", start, end, value, is_named=is_named)


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Given names that are not also words, in lower case, from `nlu_data/lookups`."""
    return _listed("given_names")


@lru_cache(maxsize=1)
def also_words() -> frozenset[str]:
    """Given names that are also words (Rose, Mark, May): they need a family name after them."""
    return _listed("also_words")


def _listed(key: str) -> frozenset[str]:
    import yaml  # noqa: PLC0415 - only once in the life of a process

    with (LOOKUPS / "names.yml").open(encoding="utf-8") as file:
        return frozenset(yaml.safe_load(file)[key].lower().split())
