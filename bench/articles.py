"""Articles of a large shop, as many as wanted, always the same ones: what our own have to be
found among. They use the same words about returning, paying and delivering, each for a thing or a
place of its own, so that they stand in the way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

SEED = 20261122
HEAD = """---
title: {title}
keywords: [{keywords}]
owner: bench@example.com
updated: 2026-11-01
---
"""

EN_THINGS = """
    floor_lamp garden_chair running_shoes rain_jacket coffee_grinder bread_oven mountain_bike
    desk_fan winter_coat wool_blanket picture_frame bookshelf sleeping_bag tent backpack
    headphones keyboard monitor phone_case charger printer toaster blender rice_cooker knife_set
    frying_pan cutting_board wine_rack candle_holder mirror curtain carpet pillow mattress
    bed_linen towel shower_head soap_dish hair_dryer razor sun_cream perfume necklace watch
    sunglasses belt wallet umbrella suitcase travel_mug water_bottle yoga_mat dumbbell football
    tennis_racket fishing_rod puzzle board_game doll_house model_train pram child_seat cot
    dog_lead cat_tree bird_cage aquarium plant_pot lawn_mower hedge_trimmer drill saw paint
""".split()  # noqa: SIM905  a list of words reads best as words
EN_KINDS = """
    blue large folding electric second-hand organic wooden steel limited refurbished
""".split()  # noqa: SIM905  a list of words reads best as words
EN_ABOUT = (
    (
        "Returning a {thing}",
        "send back, refund of a {thing}, return label",
        "A {thing} can be returned within {n} days if its seal is whole. Pack it in its box, print "
        "the label for bulky goods and book a collection. The refund is made once the {thing} has "
        "been inspected at our depot, which takes about {n} days.",
    ),
    (
        "Delivery of a {thing}",
        "shipping a {thing}, freight, delivery time",
        "A {thing} is sent by freight and takes {n} working days. The driver calls an hour before. "
        "Delivery to an upper floor costs {n} EUR more. Where no lift is, two people carry the "
        "{thing} up.",
    ),
    (
        "Warranty on a {thing}",
        "guarantee, repair of a {thing}, spare parts",
        "The maker of the {thing} gives a warranty of {n} years on the motor and one on the rest. "
        "Keep the receipt. For a repair, register the serial number and wait for the {thing} to be "
        "collected.",
    ),
    (
        "Cleaning a {thing}",
        "care, stains on a {thing}, washing",
        "Wipe the {thing} with a damp cloth and a drop of vinegar. Never use bleach. After {n} "
        "months of use, oil the hinges and check the screws of the {thing}.",
    ),
    (
        "Paying for a {thing} by instalments",
        "payment plan, credit for a {thing}, monthly rate",
        "A {thing} above 200 EUR can be paid in {n} monthly rates through our bank partner. Apply "
        "in the basket; the answer comes within minutes. The first rate is due when the {thing} is "
        "delivered.",
    ),
    (
        "Choosing the size of a {thing}",
        "measurements, fit of a {thing}, which size",
        "Measure the place where the {thing} will stand and add {n} cm on each side. The drawings "
        "on the page show height, width and weight of the {thing} without packaging.",
    ),
    (
        "Assembling a {thing}",
        "instructions, mounting a {thing}, missing screws",
        "Lay out all parts of the {thing} and count the screws: there are {n} of each kind. Begin "
        "with the frame. If a part of the {thing} is missing, order it with the number in the "
        "manual.",
    ),
    (
        "Recycling an old {thing}",
        "disposal, take back a {thing}, waste",
        "When we bring a new {thing}, we take the old one along for {n} EUR. Empty and clean it "
        "first. You may also leave the {thing} at any of our collection yards.",
    ),
    (
        "Renting a {thing}",
        "hire, rental of a {thing}, deposit",
        "A {thing} can be rented from {n} EUR a day with a deposit. Book it online, show an "
        "identity card at the counter, and bring the {thing} back clean and dry.",
    ),
    (
        "Our club's price for a {thing}",
        "members, discount on a {thing}, bonus points",
        "Members get {n} % off a {thing} in their birthday month. The code is in the members' "
        "app. Points for the {thing} are booked after the return period.",
    ),
    (
        "Business orders of a {thing}",
        "company, bulk {thing}, quotation",
        "From {n} pieces of one {thing} a company gets a quotation. Send the tax number and the "
        "delivery date. Hotels ordering a {thing} pay after 30 days.",
    ),
    (
        "A {thing} as a present",
        "gift wrap, card with a {thing}, surprise",
        "A {thing} can be wrapped with a ribbon for {n} EUR. Choose paper and card in the basket. "
        "For large boxes we tie a bow around the {thing} only.",
    ),
    (
        "A {thing} that is sold out",
        "availability, restock of a {thing}, waiting list",
        "The {thing} comes back every {n} weeks. Put your name on the list; whoever registered "
        "first is told first. A reserved {thing} is kept for two days.",
    ),
    (
        "Recall of a {thing}",
        "safety, faulty {thing}, serial number",
        "Some pieces of the {thing} made in week {n} may overheat. Unplug it, look at the plate "
        "below, and compare the number. Affected owners of the {thing} get a new one.",
    ),
)
ZH_THINGS = """
    落地灯 花园椅 跑鞋 雨衣 磨豆机 烤箱 山地车 台扇 大衣 毛毯 相框 书架 睡袋 帐篷
    背包 耳机 键盘 显示器 手机壳 充电器 打印机 面包机 搅拌机 电饭煲 刀具 平底锅 砧板
    酒架 烛台 镜子 窗帘 地毯 枕头 床垫 床单 毛巾 花洒 皂盒 吹风机 剃须刀 防晒霜
    香水 项链 手表 太阳镜 皮带 钱包 雨伞 行李箱 保温杯 水壶 瑜伽垫 哑铃 足球 网球拍
    鱼竿 拼图 桌游 玩具屋 火车模型 婴儿车 儿童座椅 婴儿床 牵引绳 猫爬架 鸟笼 鱼缸
    花盆 割草机 修枝剪 电钻 手锯 油漆
""".split()  # noqa: SIM905  a list of words reads best as words
ZH_KINDS = """
    蓝色 大号 折叠 电动 二手 有机 木制 不锈钢 限量 翻新
""".split()  # noqa: SIM905  a list of words reads best as words
ZH_ABOUT = (
    (
        "{thing}怎么退",
        "退货, 退{thing}, 退货标签",
        "{thing}封条完好，{n} 天内可以退。请用原箱包装，打印大件退货标签，预约上门取件。"
        "仓库验收{thing}后退款，"
        "大约 {n} 天。",
    ),
    (
        "{thing}的配送",
        "运费, 送{thing}, 配送时间",
        "{thing}走大件物流，{n} 个工作日送到。司机提前一小时打电话。"
        "送上楼加 {n} 欧元，没有电梯时两个人抬{thing}。",
    ),
    (
        "{thing}的保修",
        "质保, 修{thing}, 配件",
        "{thing}电机保修 {n} 年，其他部分一年。请保留小票。维修请登记序列号，等人上门取{thing}。",
    ),
    (
        "{thing}怎么清洁",
        "保养, {thing}污渍, 清洗",
        "用湿布加几滴白醋擦{thing}，不要用漂白剂。用了 {n} 个月后，给{thing}的铰链上油，检查螺丝。",
    ),
    (
        "{thing}分期付款",
        "分期, {thing}贷款, 月供",
        "200 欧元以上的{thing}可以分 {n} 期，由合作银行办理。"
        "在购物车申请，几分钟有结果。{thing}送到时付第一期。",
    ),
    (
        "{thing}选多大尺寸",
        "尺寸, {thing}规格, 多大",
        "先量放{thing}的位置，每边加 {n} 厘米。页面图纸写有{thing}不含包装的高、宽和重量。",
    ),
    (
        "{thing}怎么安装",
        "说明书, 装{thing}, 缺螺丝",
        "把{thing}的零件摆开，数一数螺丝，每种 {n} 个。先装框架。{thing}缺零件，按说明书编号订购。",
    ),
    (
        "旧{thing}回收",
        "回收, 处理{thing}, 以旧换新",
        "送新{thing}时可以带走旧的，收 {n} 欧元。请先清空擦净，也可以把{thing}送到回收站。",
    ),
    (
        "租{thing}",
        "租赁, 租{thing}押金, 租金",
        "{thing}每天租金 {n} 欧元起，另收押金。网上预约，带身份证到柜台取，{thing}还回时要干净。",
    ),
    (
        "{thing}会员价",
        "会员, {thing}折扣, 积分",
        "会员生日月买{thing}优惠 {n}%，优惠码在会员应用里。{thing}的积分过了退货期到账。",
    ),
    (
        "企业采购{thing}",
        "公司, 批量{thing}, 报价",
        "同款{thing} {n} 件起可以报价。请提供税号和交货日期。酒店采购{thing}可以月结。",
    ),
    (
        "{thing}作礼物",
        "礼品包装, {thing}贺卡, 惊喜",
        "{thing}包装加丝带 {n} 欧元，在购物车选纸和贺卡。大箱子只在{thing}外系蝴蝶结。",
    ),
    (
        "{thing}缺货",
        "补货, {thing}到货, 排队",
        "{thing}每 {n} 周补一次货。请登记，先登记先通知。预留的{thing}保留两天。",
    ),
    (
        "{thing}召回",
        "安全, {thing}故障, 序列号",
        "第 {n} 周生产的部分{thing}可能过热。请拔掉电源，对照底部编号。受影响的{thing}免费更换。",
    ),
)
SHOPS = {
    "en": (EN_THINGS, EN_KINDS, EN_ABOUT, "{kind} {thing}"),
    "zh": (ZH_THINGS, ZH_KINDS, ZH_ABOUT, "{kind}{thing}"),
}


def write(folder: Path, language: str, wanted: int) -> None:
    """Write `wanted` of them into `folder/<language>`."""
    place = folder / language
    place.mkdir(parents=True, exist_ok=True)
    for number, text in zip(range(wanted), texts(language), strict=False):
        (place / f"shop-{number:05}.md").write_text(text, "utf-8")


def texts(language: str) -> Iterator[str]:
    """One after the other, without end; no two have the same title."""
    things, kinds, about, joined = SHOPS[language]
    chance = random.Random(f"{SEED} {language}")
    every = [(t, k, a) for t in things for k in kinds for a in about]
    chance.shuffle(every)
    for series in count(1):
        for thing, kind, (title, keywords, body) in every:
            name = joined.format(thing=thing, kind=kind).replace("_", " ") + (
                f" {series}" if series > 1 else ""
            )
            told = {"thing": name, "n": chance.randrange(2, 60)}
            head = HEAD.format(title=title.format(**told), keywords=keywords.format(**told))
            yield head + body.format(**told) + "\n"
