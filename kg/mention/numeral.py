"""Numerals: Arabic, full-width and Chinese digits as exact decimals."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

# Full-width digits, letters and marks as half-width ones, one for one, so that offsets hold.
_HALF = {0xFF10 + place: 0x30 + place for place in range(10)}
_HALF |= {0xFF21 + place: 0x41 + place for place in range(26)}
_HALF |= {0xFF41 + place: 0x61 + place for place in range(26)}
_HALF |= dict(zip(map(ord, "％℅﹪．－＋～〜–／"), map(ord, "%%%.-+~~-/"), strict=True))
# Traditional characters of numbers, units and the words around them as simplified ones.
_TRADITIONAL = (
    "億萬兩餘過約達畝噸個戶條輛臺棟層頃幣圓鎊歐貳參間張項隻實現計劃產業資總額稅標長擴減滿聯單價漲來歷預佔與發"
    "後於為從較進這還將應當對開關門問題領導國區縣鄉鎮灣廣東陽陰陸島橋鐵銅鋼銀鋁鋰錢財貨費購貿貸貼質賬賣買銷營"
    "務農漁員戰軍幹隊團組織級類種線網絡統經濟緊維績續繼縮積幾倉備優償儲創劇劑動勞勢勵勝協啟嚴園圍場塊報壓壩壯"
    "處複復夠奪奬獎獲學寧寫寬審屆屬岡歲嶺峽幫帶庫廠廢強彈態慶懷戲擁據損擔攜撥擬攤攬斷時暫術機權構樁樣樓檢檔櫃"
    "欄歡歸殘氣決況沒測準溫漸潔澤濕災煉煙熱燈爐爭環畢異療監盤盧盡碼礦確禮穩竄競筆節築簡簽籌糧紀純納紡細終結給"
    "綠綫編緣縱罰義習聲職聽脅脫腦臨舉舊艦藍藝藥蘇蘭號蟲補裝製規視覽觀訂訓記設許訴診評試話該詳認誌語說課調談請"
    "論證識議護譯讀變讓豐負責貧貫貴賀賓賦賽贈贏趨跡蹟躍車軌軟輕載輔輪輸轄轉軸辦邊運遊遠適選遷遺遞連週郵鄭醫釋"
    "針鈔錄鍵鏈鏡閉閱闊陳際隨險隱雙雜離難雲電霧靈靜韓響頁順須頓頭頻顆顧顯風飛飯飲養館馬駐駛驗體魚鮮鳥鹽麗麥黨"
    "點齊齒龍龐們倆僅傳傷傾側債儘內冊凍別刪則剛劉匯卻厲吳呂啓嗎執堅堯壽夢夾妝婦孫宮專尋嶄巖師幟幀廳彙徑徹徵恆"
    "惡愛慮憑慣慘懸拋挾採掃換揮搶擇擊擋敗敵數曆書會曉極榮楊樂樹橫殼毀氫湧淨淺渦滅滬漢濃濱瀏無爺爾牆獨瑪畫疊瘋"
    "皺盜眾矚祿禍穀窮筍範籃緩練縫繪罷羅聖聞肅膽腳膚興莊華葉蔣蕭薦虛衛衝裏裡襲親觸訊討託訪詞詢誠諾謀謝譽貢賠賴"
    "賢趙趕軒輩輝轟迴逕違遲邁鄰釐鈴鉅銘鋒鋪錯錦鍋鎳鐘鑄閃閩闖闡陝陣階隸頂頌頗頸願顛飄飾饋駕驅驟鬆鬥鬧魯鳳鴻鵬"
    "黃齡叄蓋"
)
_SIMPLIFIED = (
    "亿万两余过约达亩吨个户条辆台栋层顷币元镑欧贰参间张项只实现计划产业资总额税标长扩减满联单价涨来历预占与发"
    "后于为从较进这还将应当对开关门问题领导国区县乡镇湾广东阳阴陆岛桥铁铜钢银铝锂钱财货费购贸贷贴质账卖买销营"
    "务农渔员战军干队团组织级类种线网络统经济紧维绩续继缩积几仓备优偿储创剧剂动劳势励胜协启严园围场块报压坝壮"
    "处复复够夺奖奖获学宁写宽审届属冈岁岭峡帮带库厂废强弹态庆怀戏拥据损担携拨拟摊揽断时暂术机权构桩样楼检档柜"
    "栏欢归残气决况没测准温渐洁泽湿灾炼烟热灯炉争环毕异疗监盘卢尽码矿确礼稳窜竞笔节筑简签筹粮纪纯纳纺细终结给"
    "绿线编缘纵罚义习声职听胁脱脑临举旧舰蓝艺药苏兰号虫补装制规视览观订训记设许诉诊评试话该详认志语说课调谈请"
    "论证识议护译读变让丰负责贫贯贵贺宾赋赛赠赢趋迹迹跃车轨软轻载辅轮输辖转轴办边运游远适选迁遗递连周邮郑医释"
    "针钞录键链镜闭阅阔陈际随险隐双杂离难云电雾灵静韩响页顺须顿头频颗顾显风飞饭饮养馆马驻驶验体鱼鲜鸟盐丽麦党"
    "点齐齿龙庞们俩仅传伤倾侧债尽内册冻别删则刚刘汇却厉吴吕启吗执坚尧寿梦夹妆妇孙宫专寻崭岩师帜帧厅汇径彻征恒"
    "恶爱虑凭惯惨悬抛挟采扫换挥抢择击挡败敌数历书会晓极荣杨乐树横壳毁氢涌净浅涡灭沪汉浓滨浏无爷尔墙独玛画叠疯"
    "皱盗众瞩禄祸谷穷笋范篮缓练缝绘罢罗圣闻肃胆脚肤兴庄华叶蒋萧荐虚卫冲里里袭亲触讯讨托访词询诚诺谋谢誉贡赔赖"
    "贤赵赶轩辈辉轰回迳违迟迈邻厘铃巨铭锋铺错锦锅镍钟铸闪闽闯阐陕阵阶隶顶颂颇颈愿颠飘饰馈驾驱骤松斗闹鲁凤鸿鹏"
    "黄龄叁盖"
)
_HALF |= {ord(old): ord(new) for old, new in zip(_TRADITIONAL, _SIMPLIFIED, strict=True)}
_WIDE = re.compile("[" + "".join(map(chr, _HALF)) + "]")

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "伍": 5}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
MAGNITUDES = {character: Decimal(value) for character, value in (_SMALL | _LARGE).items()}
CHINESE = "".join(DIGITS) + "".join(MAGNITUDES)


# Blanks that layout put between a number and its words, and a line broken before a unit.
_BLANK = re.compile(
    r"(?<=[\u4e00-\u9fff])[ \t\u3000\xa0](?=[0-9\u4e00-\u9fff])|(?<=[0-9])[ \t\u3000\xa0](?=[\u4e00-\u9fff%])"
    r"|(?<=[0-9])[ ](?=\.[0-9])|(?<=[0-9])\n(?=[百千万亿元%亩家个户人吨公平])"
)


def squeeze_text(text: str) -> tuple[str, Callable[[int], int]]:
    """Give a text in the normal form that numbers are read in, and the way back to its offsets.

    Full-width digits are half-width; blanks around numbers and inside Chinese words are gone.
    """
    narrow = narrow_text(text)
    blanks = [match.start() for match in _BLANK.finditer(narrow)]
    if not blanks:
        return narrow, lambda offset: offset
    pieces: list[str] = []
    origins: list[int] = []
    for start, end in zip([0, *(blank + 1 for blank in blanks)], [*blanks, len(narrow)], strict=True):
        pieces.append(narrow[start:end])
        origins.extend(range(start, end))
    return "".join(pieces), origins.__getitem__


@lru_cache(maxsize=4)
def narrow_text(text: str) -> str:
    """Write full-width digits, letters and number marks as half-width ones, and number words simplified.

    The length stays.
    """
    return text.translate(_HALF) if _WIDE.search(text) else text


def read_magnitude(text: str) -> Decimal:
    """Multiply magnitudes: `万亿` is 10^12, `百` 100, nothing 1."""
    value = Decimal(1)
    for character in text:
        value *= MAGNITUDES[character]
    return value


def read_arabic(text: str) -> Decimal:
    """Read digits with thousands separators and a decimal point."""
    return Decimal(text.replace(",", "").replace("，", ""))


def read_chinese(text: str) -> Decimal | None:
    """Read a Chinese numeral (`二十三`, `两千零五`, `一点五`, `二〇二四`, `百亿`), or nothing."""
    whole, point, fraction = text.partition("点")
    if point:
        value = read_chinese(whole)
        digits = [DIGITS.get(character) for character in fraction]
        if value is None or not digits or None in digits:
            return None
        return value + Decimal("0." + "".join(map(str, digits)))
    if len(whole) > 1 and all(character in DIGITS for character in whole):
        return Decimal("".join(str(DIGITS[character]) for character in whole))
    return _read_places(whole)


def _read_places(text: str) -> Decimal | None:
    """Add up `三千二百万`: digits times their place, in sections closed by 万 or 亿."""
    total, section, digit = Decimal(0), Decimal(0), Decimal(-1)
    place = 1
    for character in text:
        if character in DIGITS:
            if digit > 0:
                return None
            digit = Decimal(DIGITS[character])
        elif character in _SMALL:
            place = _SMALL[character]
            section += (1 if digit < 0 else digit) * place
            digit = Decimal(-1)
        elif character in _LARGE:
            section += max(digit, Decimal(0))
            if character == "亿" and total and not section:
                total *= _LARGE[character]
            else:
                total += (section or 1) * _LARGE[character]
            section, digit, place = Decimal(0), Decimal(-1), _LARGE[character]
        else:
            return None
    if digit > 0:
        # 三千五 and 一万二 name the next lower place, 二十五 and 二百零五 the ones.
        short = place >= 100 and len(text) > 1 and text[-2] in MAGNITUDES
        section += digit * (place // 10 if short else 1)
    return total + section
