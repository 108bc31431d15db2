"""Names in what workers write: people, firms, offices, places; the employer; masking; and doing without the tagger.

Every name is made up. {p:person} {o:organisation} {l:place} mark what a reader would call a name; a title (师傅) is none.
"""

import re
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.components import lac, name_rules, names
from bot.components.names import ORGANISATION, PERSON, PLACE, LacFinder, Name, RuleFinder, employer, mask_names
from tests.timing import quickest

KINDS = {"p": PERSON, "o": ORGANISATION, "l": PLACE}
NAMED = [
    "我叫{p:王建国}，在{o:苏州恒达电子有限公司}上班，三个月没发工资了",
    "老板{p:张德富}跑路了，电话也打不通",
    "包工头叫{p:李大勇}，欠我两万三",
    "{o:鑫旺五金厂}老板姓陈，欠我们八个人工资",
    "我在{o:苏州鑫源精密机械有限公司}做操作工，上个月被辞退了",
    "我老公{p:赵志强}在{l:木渎}工地上摔下来了",
    "本人{p:刘桂兰}，今年52，在{o:东山大酒店}洗碗",
    "{o:江苏宏盛建设集团有限公司}承包的工程，欠我们工钱",
    "我是{p:周小燕}的丈夫，她在{o:永利制衣厂}上班手被压了",
    "带班的{p:孙宝林}说钱还没到账",
    "我在{o:甪直明辉塑料厂}干了五年，没交社保",
    "{o:吴中区人社局}让我补材料，{o:金鼎装饰公司}不肯盖章",
    "证人是{p:马玉芬}和{p:胡建军}，都是一个班组的",
    "经理{p:吴海涛}叫我写辞职信，我没写",
    "会计{p:郑秀英}把我的工资条收走了",
    "{o:顺达物流公司}说我是自己走的，不给押金",
    "{p:何国庆}是包工头，{l:安徽}人，去年十月跑了",
    "欠条上写的是{p:徐长贵}的名字，没有盖公章",
    "我弟{p:杨小龙}在{o:苏州天成钢构有限公司}被砸断了腿",
    "公司叫{o:苏州美居家政服务有限公司}，没签合同",
    "从{l:河南}来的，给{p:许文斌}干活，他说结不了账",
    "厂长{p:蒋志明}骂人，把我工牌没收了",
    "{o:好滋味餐饮管理有限公司}欠我两个月工资，店在{l:郭巷}",
    "他们公司全名是{o:昆山市华瑞包装材料有限公司}",
    "我叫{p:谢芳}，女，{l:四川}{l:达州}人",
    "{p:韩立新}这个人你们能找到吗？他欠我们工钱",
    "我给{o:众诚劳务公司}打工，被派到{o:富达电子厂}",
    "{o:兴隆家具厂}的老板娘{p:曹美玲}把我拉黑了",
    "工地项目经理{p:邓永刚}，劳务老板{p:彭三元}，两个人互相推",
    "{o:横泾佳美服装厂}倒闭了，一百多人没拿到钱",
    "姓名：{p:曾庆华}，单位：{o:苏州德诚物业管理有限公司}",
    "我师傅{p:萧长河}也可以作证",
    "{p:田秀梅}、{p:董卫东}、{p:袁小兵}三个人都没拿到钱",
    "我在{o:联创科技公司}送货，摔伤了老板不管",
    "{o:广源混凝土有限公司}把我开除了，说我旷工",
    "主管{p:潘晓峰}说下个月再发",
    "老乡{p:余大海}介绍我去{o:鸿运纸箱厂}，现在厂里不给钱",
    "去{o:吴中区劳动仲裁委}立案，被申请人是{o:苏州盛泰纺织有限公司}",
    "我儿子{p:杜子豪}今年17，在{o:聚福楼饭店}端盘子",
    "{o:苏州鹏程汽车配件有限公司}一直不给我签合同怎么办",
    "班长{p:叶青松}把我名字从考勤上划掉了",
    "{p:程建}欠我3800，是在{l:胥口}贴瓷砖的钱",
    "老板叫{p:魏国平}，身份证号我没有",
    "你好，我老婆{p:丁春花}怀孕被{o:欣欣食品厂}辞退了",
    "{o:瑞丰园林绿化公司}六十岁以上的都不给买保险",
    "分包给了{p:姜海波}，{p:姜海波}没钱，总包是{o:中泰建工集团}",
    # the following were written before any rule was tried, and read once
    "{p:牛福根}让我们去拆房子，墙倒了",
    "工资一直是{p:钱卫国}用微信转的，公司是{o:苏州优品电子商务有限公司}",
    "我爸{p:冯老实}在{o:苏州铭泰金属制品厂}打磨，得了尘肺",
    "{o:金石建材公司}说合同要到{l:上海}去签",
    "我和{p:石磊}一起进的{o:宏图印刷厂}，他拿到钱了我没有",
    "{o:苏州好邻居超市有限公司}关门了，拖欠我四个月",
    "人事{p:汤慧}打电话说我试用期不合格",
    "介绍人是{p:任二宝}，干了一个月他说没钱",
    "我在{o:越溪星辉电子厂}做质检，夜班晕倒了",
    "请问{o:苏州大通人力资源有限公司}是正规的吗",
    "{p:熊启明}（老板）2024年3月欠我工资8600元",
    "那个姓方的老板叫{p:方世杰}，在{l:光福}开苗木场",
    "{o:捷诚快递公司}站长{p:廖勇}扣我三天工资",
    "我是给{o:安居装饰工程有限公司}刮腻子的，范师傅叫我去的",
    "{o:吴中法院}判了{o:恒通机械厂}赔我六万，它不给",
    "同事{p:陆晓芸}也被赶走了，她怀孕五个月",
    "负责人：{p:邹建华}，电话138xxxx",
    "{o:新宇汽修店}的老板把我的工具扣下了",
    "在{o:苏州百年好合婚庆有限公司}当摄影师，没给我交社保",
    "{p:史进财}欠薪跑到{l:浙江}去了",
    "我跟着{p:贾老三}在{l:临湖}做防水，工钱一直不结",
    "{o:华盛电镀有限公司}让我们签自愿放弃社保",
    "老板{p:龚平}说我不是他的员工",
    "我姐{p:卢金凤}在{o:康乐养老院}做护工，摔断了腰",
    "{o:苏州科锐光电股份有限公司}裁员，只赔一个月",
    "工友{p:柯大志}能证明我在那里干过",
    "找谁告{o:万家灯火灯具厂}？老板{p:毛新}不见了",
    "我妈叫{p:常玉兰}，在{o:金港宾馆}打扫卫生，滑倒骨折",
    "{p:崔大鹏}给我打了个白条，写着年底付清",
    "合同是跟{o:盛世劳务派遣有限公司}签的，干活在{o:东吴食品厂}",
]
# Written as workers type and speak; some names are beyond it (宝利来鞋厂 reads as 宝利 / 来 / 鞋厂).
HARD = [
    "{p:王强}他欠我钱不还都两年了",
    "我是跟着{p:李军}干的他从{o:大禹建筑公司}包的活",
    "老板娘{p:周敏}说没钱等黄总回来再说",
    "{o:苏州中恒}欠我两个月工资",
    "我在{o:永丰超市}当理货员张姐让我走人",
    "{p:阿依古丽}是我工友她也没拿到钱",
    "{p:欧阳建国}拿了我们的钱跑到{l:广东}去了",
    "在{o:东吴花园项目部}做钢筋工，工头{p:马占山}不给结账",
    "{o:宝利来鞋厂}上个月搬去{l:越南}了，我们怎么办",
    "我的主管{p:李娜}天天骂我",
    "{p:刘四}和{p:张五}都签了字，就我没签",
    "我叫{p:吴桂香}今年五十六在{o:翠园小区物业公司}扫地摔了一跤",
    "对方是{o:安徽皖江建设工程有限公司苏州分公司}",
    "他叫{p:沈浩}，是{o:飞腾快运}的老板",
    "欠薪的人{p:徐海}电话打不通",
    "我哥老三被{o:利民砖瓦厂}的机器绞了手",
    "{o:吴中人民医院}说要手术，{o:金鑫模具厂}不肯垫",
    "给顾老板装修，在{l:香山}街道，工钱一万二没给",
    "{p:蔡小娟}，{p:孟庆}，还有我，三个人在{o:丽人美发店}上班",
    "我儿子在{o:汇鑫网吧}当网管，老板{p:卓越}不给发工资",
    "听说{p:郭宏伟}被抓了，我们的钱还要得到吗",
    "判决书上写的是{p:殷德海}赔我们",
    "签合同的是{o:杭州云创人力资源服务有限公司}",
    "{p:武松林}让我签的字，我不识字",
    "我在{l:昆山}的{o:富仕康电子}做普工",
]
NAMELESS = [
    "老板三个月没给我发工资了",
    "我在电子厂上班，手被机器压了",
    "公司要搬走了，有补偿吗",
    "工头跑了，电话打不通怎么办",
    "厂里不交社保，我能要求赔钱吗",
    "经理让我写辞职信",
    "一张欠条都没有，只有聊天记录",
    "白干了三个月，一分钱没拿到",
    "钱什么时候能到账",
    "劳务公司说不归他们管",
    "我叫了一辆救护车去医院",
    "他叫我明天不用来了",
    "姓名和身份证都登记了",
    "工伤认定要多久",
    "万一老板不认怎么办",
    "先生，请问仲裁要钱吗",
    "女士产假是几天",
    "超市收银员没签合同怎么办",
    "饭店关门了，老板不接电话",
    "这家公司不给加班费",
    "车间主任叫我走人",
    "安全帽都没发，从架子上摔下来",
    "金额对不上，工资条也不给",
    "高温补贴有没有",
    "方便面厂的活太累了，我想辞工",
    "包工头没有资质，找谁要钱",
    "合同到期了公司不续签",
    "服装厂计件工资太低了",
    "你好，在吗",
    "派遣公司和用工的厂互相推",
    "我在工地上做小工，一天两百六",
    "时间太久了还能告吗",
    "没签合同能要双倍工资吗",
    "张口就骂人，还扣我工资",
    "在家具厂干了三年，老板说不用我了",
    "老板娘说过完年再给钱",
    "小区物业公司不给保安交社保",
    "我想问一下，工伤赔多少钱",
    "快递站点把我辞退了，没有补偿",
    "他们说是承包的，不归公司管",
    "医院说要做手术，老板不肯垫钱",
    "项目部的人都走光了",
    "黄牛说能帮我要回来，收三成",
    "白天上班，晚上加班，一个月休两天",
    "周末也要上班，没有加班工资",
    "段长让我签空白合同",
    "厂里换老板了，工龄还算吗",
    "我没文化，不会写申请书",
    "何时能拿到钱",
    "马上过年了，钱还没给",
    "房东和老板是一个人",
    "养老院护工算不算劳动关系",
    "平时都是发现金，没有工资条",
    "任何证据都没有怎么办",
    "罗列的证据够不够",
    "路上被车撞了算不算工伤",
]


def marked(line: str) -> tuple[str, list[Name]]:
    """The sentence without its marks, and the names that are marked."""
    text, found = "", []
    for plain, kind, name in re.findall(r"([^{]*)(?:\{([pol]):([^}]+)\})?", line):
        text += plain
        if kind:
            found.append(Name(KINDS[kind], name, len(text), len(text) + len(name)))
            text += name
    return text, found


@pytest.fixture(scope="module")
def finder() -> LacFinder:
    return LacFinder()


@pytest.mark.parametrize("line", NAMED)
def test_every_name_is_found_where_it_stands_and_nothing_else(finder, line):
    text, wanted = marked(line)
    assert finder.find(text) == wanted


@pytest.mark.parametrize("text", NAMELESS)
def test_no_name_where_there_is_none(finder, text):
    assert finder.find(text) == []


@pytest.mark.parametrize(("kind", "recall", "precision"), [(PERSON, 0.95, 0.95), (ORGANISATION, 0.75, 0.9)])
def test_most_names_are_found_where_they_are_hard_to_tell(finder, kind, recall, precision):
    wanted, found = (
        {
            (text, name)
            for line in HARD
            for text, marks in [marked(line)]
            for name in pick(text, marks)
            if name.kind == kind
        }
        for pick in (lambda text, marks: marks, lambda text, marks: finder.find(text))
    )
    right = len(wanted & found)
    assert right >= recall * len(wanted), sorted(name.text for _, name in wanted - found)
    assert right >= precision * len(found), sorted(name.text for _, name in found - wanted)


@pytest.mark.parametrize(
    "text", ["骨头没断，老板给包扎费打折", "借给包工头周转", "上周小心点就没事了", "写了3张条子", "老板万一不认呢"]
)
def test_words_that_begin_like_a_surname_are_no_people(finder, text):
    assert not [n for n in finder.find(text) if n.kind == PERSON]


def test_rules_alone_find_a_third_and_never_a_false_person():
    rules, right, all_people = RuleFinder(), 0, 0
    for line in NAMED:
        text, wanted = marked(line)
        people = {n for n in wanted if n.kind == PERSON}
        found = {n for n in rules.find(text) if n.kind == PERSON}
        assert found <= people
        right, all_people = right + len(found), all_people + len(people)
    assert right >= all_people / 3
    assert not [text for text in NAMELESS if any(n.kind == PERSON for n in rules.find(text))]


# -- the raw text ----------------------------------------------------------------


def test_places_count_in_the_raw_text(finder):
    text = "😀我叫 王 建 国，\n在\u200b苏州恒达电子有限公司（木渎）上班"
    found = {n.kind: n for n in finder.find(text)}
    assert text[found[PERSON].start : found[PERSON].end] == found[PERSON].text == "王 建 国"
    assert found[ORGANISATION].text == "苏州恒达电子有限公司"


def test_traditional_characters_are_read_as_simplified(finder):
    assert [n.text for n in finder.find("老闆張德富欠我三個月工資")] == ["張德富"]


def test_a_name_once_found_is_found_at_every_place(finder):
    text = "包工头叫李大勇，李大勇说没钱，我打李大勇电话他不接"
    assert [(n.start, n.text) for n in finder.find(text)] == [(4, "李大勇"), (8, "李大勇"), (17, "李大勇")]


def test_a_long_text_is_cut_and_its_names_are_still_found(finder):
    text = "三个月没发工资了，打电话也不接，" * 20 + "我叫王建国，在苏州恒达电子有限公司上班。"
    assert [n.text for n in finder.find(text)] == ["王建国", "苏州恒达电子有限公司"]


def test_a_name_is_not_cut_in_a_text_without_punctuation(finder):
    for words in range(8, 20):
        text = "没钱" * words + "我叫王建国在苏州恒达电子有限公司上班到现在一分钱都没有拿到"
        assert [n.text for n in finder.find(text)] == ["王建国", "苏州恒达电子有限公司"]


@pytest.mark.parametrize(
    "office", ["吴中区人社局", "苏州市中级人民法院", "胥口派出所", "吴中区劳动仲裁委", "木渎镇政府"]
)
def test_offices_are_told_from_firms(office):
    assert name_rules.is_office(office)
    assert not name_rules.is_office("苏州恒达电子有限公司")


# -- the employer ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("我在苏州恒达电子有限公司上班", "苏州恒达电子有限公司"),
        ("鑫旺五金厂欠我三个月工资", "鑫旺五金厂"),
        ("2024年3月进的宏图印刷厂，干到现在", "宏图印刷厂"),
        ("吴中法院判了恒通机械厂赔我六万，它不给", "恒通机械厂"),
        ("请问苏州大通人力资源有限公司是正规的吗", "苏州大通人力资源有限公司"),
        ("俺在莲花岛饭店端盘子，老板跑了", "莲花岛饭店"),
        ("合同是跟盛世劳务派遣有限公司签的，干活在别的厂", "盛世劳务派遣有限公司"),
        ("我老婆怀孕被欣欣食品厂辞退了", "欣欣食品厂"),
        ("木渎的鑫达电子厂不给钱", "鑫达电子厂"),
        ("我在苏州 恒达 电子有限公司 上班", "苏州恒达电子有限公司"),
        ("我在海底捞上班，受伤了", "海底捞"),
        ("对方是安徽皖江建设工程有限公司苏州分公司", "安徽皖江建设工程有限公司苏州分公司"),
        ("我在电子厂上班，公司不给钱", None),
        ("这家公司不交社保", None),
        ("我在一家有限公司上班", None),
        ("吴中区人社局让我补材料", None),
        ("房子在鑫旺五金厂隔壁，工资三千", None),
        ("我想去苏州恒达电子有限公司应聘", None),
        ("在好又多超市门口摔的", None),
        ("医保卡在苏州药店刷不了", None),
        ("老板王建国欠我工资", None),
        ("", None),
    ],
)
def test_the_firm_that_is_worked_for(text, firm):
    found = employer(text)
    assert (found and "".join(found.text.split())) == firm
    assert found is None or text[found.start : found.end] == found.text


def test_the_fact_employer_name_stands_at_its_place():
    from datetime import date

    from bot.components.reading import read_facts

    text = "２０２４年３月进了鑫旺五金厂，欠我８０００块"
    (fact,) = [m for m in read_facts(text, date(2026, 11, 24)) if m.fact == "employer_name"]
    assert (fact.value, text[fact.start : fact.end]) == ("鑫旺五金厂", "鑫旺五金厂")


# -- masking ---------------------------------------------------------------------


@pytest.mark.parametrize("line", NAMED)
def test_masking_stars_each_person_and_firm_and_nothing_else(line):
    text, wanted = marked(line)
    hidden = [n for n in wanted if n.kind != PLACE and not name_rules.is_office(n.text)]
    masked = mask_names(text)
    assert len(masked) == len(text)
    for name in hidden:
        assert name.text not in masked
        assert "*" in masked[name.start : name.end]
    inside = {place for name in hidden for place in range(name.start, name.end)}
    assert all(masked[place] == text[place] for place in range(len(text)) if place not in inside)


def test_what_stays_of_a_name():
    text = "我叫王建国，在苏州恒达电子有限公司上班，人社局让我来，住在木渎"
    assert mask_names(text) == "我叫王**，在******有限公司上班，人社局让我来，住在木渎"


@pytest.mark.parametrize("text", NAMELESS)
def test_a_text_without_names_stays_as_it_is(text):
    assert mask_names(text) == text


def test_the_end_of_a_very_long_text_is_masked_too():
    for times in range(60, 64):  # about the place at which such a text is cut
        text = "三个月没发工资了，打电话也不接，" * times + "我叫王建国，" + "老板不接电话，" * 50 + "我叫王建国"
        assert mask_names(text) == text.replace("王建国", "王**")


# -- without the tagger ----------------------------------------------------------


@pytest.fixture
def fresh():
    """`finder()` chooses anew, before and after the test."""
    names.finder.cache_clear()
    yield
    names.finder.cache_clear()


def listening(monkeypatch) -> list[tuple[str, str]]:
    """The warnings from here on, as (event, reason); other tests may have fixed where logs go."""
    warned: list[tuple[str, str]] = []

    class Log:
        def warning(self, event: str, reason: str) -> None:
            warned.append((event, reason))

    monkeypatch.setattr(names, "get_log", lambda room: Log())
    return warned


def test_a_missing_folder_leaves_the_rules_and_a_warning(fresh, tmp_path, monkeypatch):
    monkeypatch.setattr(lac, "folder", lambda: tmp_path / "nothing")
    warned = listening(monkeypatch)
    assert isinstance(names.finder(), RuleFinder)
    assert [event for event, _ in warned] == ["names_by_rules_only"]
    assert employer("我在苏州恒达电子有限公司上班").text == "苏州恒达电子有限公司"
    assert mask_names("我叫王建国") == "我叫王**"


def test_a_changed_file_leaves_the_rules_and_a_warning(fresh, tmp_path, monkeypatch):
    copy = tmp_path / "lac_small"
    shutil.copytree(lac.folder(), copy)
    raw = bytearray((copy / "model_baseline/fc_4.w_0").read_bytes())
    raw[-1] ^= 1
    (copy / "model_baseline/fc_4.w_0").write_bytes(raw)
    monkeypatch.setattr(lac, "folder", lambda: copy)
    warned = listening(monkeypatch)
    assert isinstance(names.finder(), RuleFinder)
    assert [reason for _, reason in warned] == ["model_baseline/fc_4.w_0 is not the pinned file"]


def test_the_installed_files_are_the_pinned_ones(fresh, monkeypatch):
    warned = listening(monkeypatch)
    assert isinstance(names.finder(), LacFinder)
    assert warned == []
    assert len(lac.pinned()) == 22  # 20 tensors, characters, tags


# -- the tagger ------------------------------------------------------------------


def test_texts_side_by_side_are_read_as_each_alone():
    tagger = lac.Tagger()
    texts = ["我叫王建国", "老板张德富欠我三个月工资,我在木渎上班", "", "好"]
    assert tagger.tag(texts) == [tagger.tag([text])[0] for text in texts]
    assert [len(tags) for tags in tagger.tag(texts)] == [len(text) for text in texts]


def test_words_that_the_tagger_was_seen_to_know():
    tags = lac.Tagger().tag(["王建国在江苏省苏州市吴中区恒通建筑工程有限公司干活,2024年3月开始"])[0]
    assert [tag for tag in tags if tag.endswith("B")][:3] == ["PER-B", "p-B", "ORG-B"]
    assert tags[-9:-2] == ["TIME-B", *["TIME-I"] * 6]


# -- hostile texts, time ---------------------------------------------------------

HAN = "".join(chr(0x4E00 + (i * 7919) % 20_000) for i in range(4_000))
HOSTILE = [
    "", " ", "\ud800", "😀" * 500, "公司" * 2_000, "有限公司" * 1_000, "王" * 4_000, "a" * 4_000, "张三" * 2_000, HAN,
    "\u202e王建国\u202c", "，" * 4_000, "1" * 4_000, "我叫\ud83d王建国", "ｗａｎｇ厂", "\x00公司\x00", "在" * 3_990 + "恒达电子厂",
    "苏州" * 1_990 + "有限公司", "叫" * 4_000, "姓名：" * 1_300,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_take_no_more_than_50_ms(finder, text):
    for work in (finder.find, RuleFinder().find, employer):
        assert quickest(work, text) <= 0.05
    assert all(text[n.start : n.end] == n.text for n in finder.find(text))
    assert len(mask_names(text)) == len(text)


def test_the_tagger_is_quick(finder):
    text = "老板张德富欠我三个月工资，我在木渎鑫达电子厂上班，没"
    assert len(text) == 26
    assert quickest(finder.find, text, rounds=40) <= 0.004  # 2 ms on the reference computer, seen in a test report
    assert quickest(employer, "老板三个月没发工资了，公司也不管，怎么办", rounds=40) <= 0.0005  # no firm: not asked
    assert quickest(LacFinder, rounds=3) <= 0.3


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("王建国李某公司厂在叫我欠的苏州 ，,。\n😀\ud800\u200b1aＡ國"), max_size=60))
def test_any_text_gives_places_in_order_without_overlap(text):
    for finder in (names.finder(), RuleFinder()):
        found = finder.find(text)
        assert all(text[n.start : n.end] == n.text for n in found)
        assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    assert len(mask_names(text)) == len(text)
