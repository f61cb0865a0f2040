"""What a line names, as customers write it."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from automation.backoffice.seed import PRODUCTS
from automation.backoffice.shop.words import SHELF
from language.entities import Entity, entities
from language.entities.products import products

SUNDAY = date(2026, 11, 22)


def found(line: str, kind: str) -> list[tuple[str, str]]:
    """(as written, value) of each entity of a kind."""
    return [(line[e.start : e.end], e.value) for e in entities(line, SUNDAY) if e.kind == kind]


def value(line: str, kind: str) -> str | None:
    values = [each[1] for each in found(line, kind)]
    return values[-1] if values else None


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        ("you charged me €12.90", "12.90 EUR"),
        ("12,90 EUR please", "12.90 EUR"),
        ("it was 12 bucks", "12.00 USD"),
        ("1,299.00 USD", "1299.00 USD"),
        ("I paid 1.299,00 € for it", "1299.00 EUR"),
        ("¥300", "300.00 CNY"),
        ("￥300", "300.00 CNY"),
        ("退我300块", "300.00 CNY"),
        ("一共三百元", "300.00 CNY"),
        ("一千二百块五", "1200.50 CNY"),
        ("三块五", "3.50 CNY"),
        ("12块8毛", "12.80 CNY"),
        ("fifty dollars", "50.00 USD"),
        ("twelve euros and fifty cents", "12.50 EUR"),
        ("two hundred pounds", "200.00 GBP"),
        ("$1.5k", "1500.00 USD"),
        ("1.2万元", "12000.00 CNY"),
        ("89欧元", "89.00 EUR"),
        ("50p", "0.50 GBP"),
        ("EUR 30", "30.00 EUR"),
    ],
)
def test_amounts_are_read_with_their_currency(line: str, amount: str) -> None:
    assert value(line, "amount_of_money") == amount


@pytest.mark.parametrize(
    "line", ["order 4711", "30 days", "我们一块去", "第三块", "100%", "KD-4711"]
)
def test_what_is_no_money_is_no_amount(line: str) -> None:
    assert value(line, "amount_of_money") is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("I ordered it last Tuesday", "2026-11-17"),
        ("the day before yesterday", "2026-11-20"),
        ("on 3 March", "2026-03-03"),
        ("March 3rd, 2025", "2025-03-03"),
        ("Monday 16 November", "2026-11-16"),
        ("03/04", "2026-04-03"),  # the day comes first
        ("我3/4下的单", "2026-03-04"),  # in a Chinese line the month does
        ("31/12", "2025-12-31"),
        ("14/02/2025", "2025-02-14"),
        ("2024-03-05", "2024-03-05"),
        ("上周二", "2026-11-10"),
        ("这周五", "2026-11-20"),
        ("周三买的", "2026-11-18"),
        ("前天", "2026-11-20"),
        ("大前天", "2026-11-19"),
        ("三月五号", "2026-03-05"),
        ("2024年3月5日", "2024-03-05"),
        ("二〇二四年三月五日", "2024-03-05"),
        ("去年12月24号", "2025-12-24"),
        ("上个月20号", "2026-10-20"),
        ("我5号下的单", "2026-11-05"),
        ("next week", "2026-11-23"),
        ("three days ago", "2026-11-19"),
        ("a fortnight ago", "2026-11-08"),
        ("in two weeks", "2026-12-06"),
        ("三天前", "2026-11-19"),
        ("两三天前", "2026-11-19"),
        ("半个月前", "2026-11-07"),
        ("两周后", "2026-12-06"),
        ("I need it by Friday", "2026-11-27"),  # looks ahead
        ("下周一之前送到", "2026-11-23"),
        ("Tuesday last week", "2026-11-10"),
        ("25 November", "2026-11-25"),  # less than a month ahead
        ("by 3 March", "2027-03-03"),
        ("since March", None),
        ("in August", "2026-08-01"),
    ],
)
def test_days_are_reckoned_from_today(line: str, day: str | None) -> None:
    if day is not None:
        assert value(line, "date") == day


@pytest.mark.parametrize(
    "line",
    [
        "24/7 support",
        "for the 3rd time",
        "may be",
        "12号楼",
        "人民路5号",
        "2天内",
        "30/02/2026",
        "1/2/3/4",
    ],
)
def test_what_is_no_day_is_no_date(line: str) -> None:
    assert value(line, "date") is None


def test_a_whole_week_says_that_it_is_one() -> None:
    (entity,) = [e for e in entities("last week", SUNDAY) if e.kind == "date"]
    assert (entity.value, entity.more) == ("2026-11-09", {"grain": "week"})


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("no, it's 24 Church Road, Bristol BS1 5TR please", "24 Church Road, Bristol BS1 5TR"),
        ("7 Orchard Lane\nBath BA1 2QT\nUK", "7 Orchard Lane, Bath BA1 2QT, UK"),
        ("24 church road bristol bs1 5tr", "24 church road bristol bs1 5tr"),
        ("it is Lindenallee 14, 20259 Hamburg. thanks", "Lindenallee 14, 20259 Hamburg"),
        ("Via Garibaldi 5, 40124 Bologna", "Via Garibaldi 5, 40124 Bologna"),
        ("Flat 3, 12 Mill Lane, Leeds LS1 4AB", "Flat 3, 12 Mill Lane, Leeds LS1 4AB"),
        ("ship to 350 5th Ave, New York, NY 10118 instead", "350 5th Ave, New York, NY 10118"),
        ("5 Park Road, Leeds and cancel the other", "5 Park Road, Leeds"),
        ("上海市徐汇区衡山路 12 号 3 楼", "上海市徐汇区衡山路 12 号 3 楼"),
        ("寄到朝阳区建国路88号SOHO现代城A座1203室", "朝阳区建国路88号SOHO现代城A座1203室"),
        ("地址改成广州市天河区体育西路103号", "广州市天河区体育西路103号"),
        ("我住在徐汇区衡山路12号", "徐汇区衡山路12号"),
        ("请改到成都市天府大道中段666号2栋1单元501", "成都市天府大道中段666号2栋1单元501"),
        ("望京花园3号楼2单元1502室", "望京花园3号楼2单元1502室"),
    ],
)  # fmt: skip
def test_an_address_is_taken_without_the_words_around_it(line: str, address: str) -> None:
    assert value(line, "address") == address


@pytest.mark.parametrize(
    "line",
    [
        "2 cups are on the way",
        "it took 10 days by the way",
        "order 4711 was sent to the wrong street",
        "快递在路上三天了",
        "我买了三件在路上",
        "i paid 60 in total, 20 for shipping",
        "3 green tea sets",
    ],
)
def test_what_only_sounds_like_a_street_is_no_address(line: str) -> None:
    assert value(line, "address") is None


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("call me on 020 7946 0018", "+442079460018"),
        ("我的电话13812345678", "+8613812345678"),
        ("138 1234 5678", "+8613812345678"),
        ("座机021-64331234", "+862164331234"),
        ("+49 171 5566778", "+491715566778"),
        ("0049 171 5566778", "+491715566778"),
        ("+44 7700 900123", "+44 7700 900123"),  # no number that exists: as it was written
        ("订单号 4711 13812345678", "+8613812345678"),
    ],
)
def test_phone_numbers_are_international_where_they_exist(line: str, phone: str) -> None:
    assert value(line, "phone") == phone


@pytest.mark.parametrize(
    "line",
    ["order 4711", "2024-03-05", "tracking JJD000014803", "1,299.00 USD", "4111 1111 1111 1111"],
)
def test_what_is_no_phone_number_is_none(line: str) -> None:
    assert value(line, "phone") is None


@pytest.mark.parametrize(
    ("line", "product"),
    [
        ("the celedon teapot broke", "Celadon Teapot"),
        ("lapsang soushong", "Lapsang Souchong"),
        ("my cast iron tea pot rusts", "Cast-Iron Teapot"),
        ("double wall glasses", "Double-Walled Glass"),
        ("铁壶坏了", "Cast-Iron Teapot"),
        ("龙井", "Longjing Green Tea"),
        ("tp-101", "Celadon Teapot"),
        ("a porcelan cup", "Porcelain Cups"),
        ("the teapot", "Teapot"),
        ("杯子碎了", "Cup"),
        ("where is my order", None),
        ("my portion of it", None),
    ],
)
def test_products_are_known_by_other_names_and_misspelt(line: str, product: str | None) -> None:
    assert value(line, "product") == product


def test_everything_that_the_shop_sells_is_known_by_its_names_on_the_shelf() -> None:
    known = {product.sku: product for product in products() if product.sku}
    assert known.keys() == PRODUCTS.keys()
    for sku, _, _, (english, _), (chinese, _) in SHELF:
        for name in (english, chinese, PRODUCTS[sku][0]):
            skus = [e.more.get("sku") for e in entities(name, SUNDAY) if e.kind == "product"]
            assert sku in skus, name


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("two of the mugs", "2"),
        ("3 cups", "3"),
        ("2x teapot", "2"),
        ("三件", "3"),
        ("退两只", "2"),
        ("我要一个茶盘", "1"),
        ("half a dozen cups", "6"),
        ("both cups", "2"),
        ("数量改成5", "5"),
        ("一个问题", None),
        ("两个星期", None),
        ("第三个", None),
        ("where is my order", None),
    ],
)
def test_quantities_are_numbers_of_things(line: str, number: str | None) -> None:
    assert value(line, "quantity") == number


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("订单四七一一", "KD-4711"),
        ("单号是幺二三四", "KD-1234"),
        ("order 4711", "KD-4711"),
        ("kd 4711", "KD-4711"),
        ("4711", "KD-4711"),
        ("40124 Bologna, Via Garibaldi 5, 40124 Bologna", "KD-40124"),
        ("send it to Via Garibaldi 5, 40124 Bologna", None),  # a postcode is no order
        ("I paid 4711 euros", None),
    ],
)
def test_order_numbers_are_read_also_in_chinese_numerals(line: str, number: str | None) -> None:
    assert value(line, "order_number") == number


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("my name is Anna Schmidt and my order", "Anna Schmidt"),
        ("I'm Kevin, where is my stuff", "Kevin"),
        ("name: maria lopez", "maria lopez"),
        ("Mr. Becker called", "Mr. Becker"),
        ("我叫李娜，订单", "李娜"),
        ("收件人：陈晓明 13812345678", "陈晓明"),
        ("王先生的订单", "王先生"),
        ("Is the Celadon Teapot in stock? Will it ship", None),
        ("my name is wrong on the parcel", None),
        ("谢谢", None),
        ("我是老客户", None),
        ("马上给我退", None),
    ],
)
def test_names_are_found_where_words_give_them_away(line: str, name: str | None) -> None:
    assert value(line, "person_name") == name


@pytest.mark.parametrize(
    "line",
    [
        "ｏｒｄｅｒ　４７１１　ｆｏｒ　€12.90",
        "㎉㎉ order 4711 for €12.90",
        "ﷺ order 4711 for €12.90",
        "cafe\u0301 order 4711 for €12.90",
    ],
)
def test_positions_are_those_of_the_line_as_it_was_written(line: str) -> None:
    by_kind = {entity.kind: entity for entity in entities(line, SUNDAY)}
    order, amount = by_kind["order_number"], by_kind["amount_of_money"]
    assert line[order.start : order.end] in ("order 4711", "ｏｒｄｅｒ　４７１１")
    assert line[amount.start : amount.end] == "€12.90"


def test_of_what_overlaps_the_longest_stays_unless_a_shorter_one_is_named() -> None:
    line = "order KD-4711 to 12 Mill Lane, 47110 Leeds by 3 March, €12.90, tel 020 7946 0018"
    kinds = [entity.kind for entity in entities(line, SUNDAY)]
    assert kinds == ["order_number", "address", "date", "amount_of_money", "phone"]


def test_entities_never_overlap_and_stand_in_order() -> None:
    line = "3 cups for $30 on 3/4 to 12 Rose Court Road 4711 a@b.de 13812345678 三月五号三件" * 5
    spans = [(entity.start, entity.end) for entity in entities(line, SUNDAY)]
    assert spans == sorted(spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_what_was_learned_fills_what_the_rules_leave_open() -> None:
    line = "zoltan sends order 4711 back"
    learned: list[Any] = [Entity("person_name", 0, 6, "zoltan"), Entity("address", 13, 23, "?")]
    told = {(e.kind, e.value) for e in entities(line, SUNDAY, learned)}
    assert told == {("person_name", "zoltan"), ("order_number", "KD-4711")}
