"""What the demo's merchant has taught its search: words that shoppers use for things that it calls otherwise, and where
questions that are not about products lead. Edited in the admin like any other."""

from django.db import transaction

from search.rule_models import MerchandisingRule, Synonym

TWO_WAY = {
    "sneakers": ["running shoes", "trainers"],
    "couch": ["sofa", "settee"],
    "stroller": ["pram", "pushchair", "buggy"],
    "smartphone": ["mobile phone", "cell phone", "handy"],
    "plush toy": ["teddy bear", "stuffed animal"],
    "nappies": ["diapers"],
    "torch": ["flashlight"],
    "sweater": ["jumper", "pullover"],
    "tv": ["television", "telly"],
    "hoover": ["robot vacuum", "vacuum cleaner"],
    "luggage": ["suitcase"],
    "nail varnish": ["nail polish"],
    "band aid": ["plasters"],
    "football": ["soccer ball"],
    "ssd": ["solid state drive"],
    "desktop computer": ["desktop", "pc"],
    "laptop": ["notebook computer"],
    "rucksack": ["backpack"],
    "jewellery": ["jewelry"],
    "colour": ["color"],
}
TWO_WAY_CHINESE = {
    "充电宝": ["移动电源", "行动电源"],
    "笔记本电脑": ["手提电脑", "笔电"],
    "台式电脑": ["台式机", "桌面电脑"],
    "显示器": ["电脑屏幕"],
    "蓝牙音箱": ["蓝牙喇叭", "音响"],
    "电视机": ["电视"],
    "投影仪": ["投影机"],
    "黑胶唱机": ["唱片机", "留声机"],
    "存储卡": ["内存卡", "记忆卡"],
    "平底煎锅": ["不粘锅", "平底锅"],
    "砧板": ["菜板", "切菜板"],
    "电热水壶": ["烧水壶", "热水壶"],
    "便当盒": ["饭盒", "午餐盒"],
    "保温水杯": ["保温杯"],
    "毛毯": ["毯子"],
    "花洒": ["淋浴喷头", "莲蓬头"],
    "扫把": ["扫帚"],
    "扫地机器人": ["吸尘器"],
    "螺丝刀": ["改锥", "起子"],
    "手电筒": ["电筒"],
    "T恤": ["短袖"],
    "连衣裙": ["裙子"],
    "夹克": ["外套"],
    "防雨夹克": ["雨衣", "冲锋衣"],
    "棒球帽": ["鸭舌帽", "帽子"],
    "泳衣": ["泳装", "游泳衣"],
    "跑鞋": ["跑步鞋", "运动鞋", "球鞋"],
    "登山靴": ["登山鞋", "徒步鞋"],
    "双肩背包": ["双肩包", "书包", "背囊"],
    "手提包": ["手袋", "女包"],
    "行李箱": ["拉杆箱", "旅行箱"],
    "口红": ["唇膏"],
    "身体乳": ["润肤露"],
    "防晒霜": ["防晒乳"],
    "手工皂": ["肥皂", "香皂"],
    "剃须刀": ["刮胡刀"],
    "自行车": ["单车", "脚踏车"],
    "圆珠笔": ["原子笔"],
    "彩色铅笔": ["彩铅"],
    "意大利面": ["意面"],
    "曲奇饼干": ["饼干"],
    "牵引绳": ["狗绳", "遛狗绳"],
    "婴儿推车": ["婴儿车", "童车"],
    "体温计": ["温度计"],
    "创可贴": ["胶布"],
    "泰迪熊": ["毛绒玩具"],
    "悠悠球": ["溜溜球"],
    "电子琴": ["电钢琴"],
    "人体工学椅": ["办公椅", "电脑椅"],
    "太阳镜": ["墨镜", "太阳眼镜"],
    "老花镜": ["老花眼镜"],
}
# Only from left to right: who needs the right-hand side does not ask for the left.
ONE_WAY = {
    "watch": ["smartwatch"],
    "cut finger": ["plasters", "first aid kit"],
    "carry on": ["suitcase"],
    "small print": ["reading glasses"],
    "headache": ["massage ball"],
    "disk full": ["external ssd"],
    "oversleeping": ["alarm clock"],
    "battery always empty": ["power bank"],
    "cannot hear": ["soundbar", "headphones"],
    "yellow teeth": ["electric toothbrush"],
    "sleep outdoors": ["camping tent"],
    "sleep in the forest": ["camping tent"],
}
ONE_WAY_CHINESE = {
    "手表": ["智能手表"],
    "割伤": ["创可贴", "急救包"],
    "登机": ["行李箱"],
    "小字": ["老花镜"],
    "头痛": ["按摩球"],
    "硬盘满": ["移动固态硬盘"],
    "睡过头": ["闹钟"],
    "没电": ["充电宝"],
    "听不清": ["回音壁", "耳机"],
    "牙齿发黄": ["电动牙刷"],
    "露营": ["帐篷"],
}
REDIRECTS = {
    "my orders": "/orders",
    "order status": "/orders",
    "track my order": "/orders",
    "where is my order": "/orders",
    "my account": "/account",
    "sign in": "/account",
    "log in": "/account",
    "shopping cart": "/cart",
    "checkout": "/checkout",
    "我的订单": "/zh/orders",
    "订单查询": "/zh/orders",
    "我的账户": "/zh/account",
    "登录": "/zh/account",
    "购物车": "/zh/cart",
    "结账": "/zh/checkout",
}
BANNERS = {
    "returns": ("Returns", "Send anything back within 30 days of delivery, unused, for the full price."),
    "refund": ("Returns", "Send anything back within 30 days of delivery, unused, for the full price."),
    "shipping": ("Delivery", "Delivered in 2 to 4 days. Free from $50, $4.95 below."),
    "delivery": ("Delivery", "Delivered in 2 to 4 days. Free from $50, $4.95 below."),
    "payment": ("Payment", "You pay the courier when your parcel arrives."),
    "contact": ("This is a demo store", "Nobody is there to answer, but nothing you order is ever sent or charged."),
    "customer service": (
        "This is a demo store", "Nobody is there to answer, but nothing you order is ever sent or charged.",
    ),
    "gift card": ("Gift cards", "We have none yet. Small things under $25 make presents too."),
    "warranty": ("Warranty", "Every product has a warranty of two years."),
    "退货": ("退货", "收到后 30 天内,未使用的商品都可退货,全额退款。"),
    "退款": ("退货", "收到后 30 天内,未使用的商品都可退货,全额退款。"),
    "运费": ("配送", "2 至 4 天送达。满 50 美元免运费,不满收 4.95 美元。"),
    "配送": ("配送", "2 至 4 天送达。满 50 美元免运费,不满收 4.95 美元。"),
    "付款": ("付款", "包裹送到时向快递员付款。"),
    "客服": ("这是演示商店", "这里没有客服,但您的订单不会真的发货或扣款。"),
    "保修": ("保修", "所有商品保修两年。"),
    "opening hours": ("Opening hours", "The store is always open, and your parcel leaves on the next working day."),
}  # fmt: skip


@transaction.atomic
def load_demo_merchandising() -> int:
    """Adds synonyms and rules to a store that has none; returns how many."""
    if Synonym.objects.exists() or MerchandisingRule.objects.exists():
        return 0
    synonyms = [
        Synonym(words=words, synonyms=others, is_two_way=is_two_way)
        for entries, is_two_way in ((TWO_WAY | TWO_WAY_CHINESE, True), (ONE_WAY | ONE_WAY_CHINESE, False))
        for words, others in entries.items()
    ]
    exact, contains = MerchandisingRule.Match.EXACT, MerchandisingRule.Match.CONTAINS
    rules = [
        MerchandisingRule(name=f"{query} leads to {path}", match=exact, query=query, redirect=path)
        for query, path in REDIRECTS.items()
    ] + [
        MerchandisingRule(name=f"Answer: {query}", match=contains, query=query, banner_title=title, banner_text=text)
        for query, (title, text) in BANNERS.items()
    ]
    for row in (*synonyms, *rules):
        row.full_clean()
        row.save()
    return len(synonyms) + len(rules)
