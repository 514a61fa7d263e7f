"""Formats 2 to 4: what opens a purchase."""

from .parts import (
    OTHER,
    QUALIFICATION,
    Field,
    Format,
    Section,
    Term,
    Writer,
    basics,
    contacts,
    notice_period,
    offer,
    when,
)

NEGOTIATION, CONSULTATION, QUOTATION = "竞争性谈判", "竞争性磋商", "询价"
OPENED = "《政府采购货物和服务招标投标管理办法》（财政部令第87号）第十八条"
TENDER_OFFER = Term(
    "提供期限", "offer_from", "offer_to",
    "《政府采购法实施条例》第三十一条、财政部令第87号第十八条", least=5, working=True,
)  # fmt: skip

PREQUALIFICATION = Format(
    2, "资格预审公告", Writer.UNIT, ending="资格预审公告", money="budget", endable=True,
    about="邀请招标或潜在投标人过多，先审查资格再发招标文件",
    sections=(
        basics(Field("method", "采购方式", "choice", options=("公开招标", "邀请招标"))),
        QUALIFICATION,
        offer("资格预审文件"),
        Section(
            "资格预审申请文件的组成及格式", (Field("composition", "资格预审申请文件的组成及格式", "long"),)
        ),
        Section("资格预审的审查标准及方法", (Field("standard", "资格预审的审查标准及方法", "long"),)),
        Section("拟邀请参加投标的供应商数量", (Field("invited", "拟邀请参加投标的供应商数量", "whole"),)),
        Section(
            "申请文件提交",
            (Field("deadline", "提交截止时间", "moment"), Field("place", "提交地点")),
        ),
        Section("资格预审日期", (Field("review_day", "资格预审日期", "day"),)),
        notice_period(5), OTHER, contacts("资格预审"),
    ),
    terms=(
        Term("提供开始日期", "", "offer_from", OPENED, least=0),
        TENDER_OFFER,
        Term(
            "提交资格预审申请文件的时间", "", "deadline", "《政府采购法实施条例》第二十一条",
            least=5, working=True,
        ),
        Term("资格预审日期", "deadline", "review_day", "在申请文件提交截止之后", least=0),
    ),
)  # fmt: skip

TENDER = Format(
    3, "招标公告", Writer.UNIT, ending="招标公告", money="budget", endable=True,
    about="公开招标：向不特定的供应商发布",
    sections=(
        basics(),
        QUALIFICATION,
        offer("招标文件"),
        Section(
            "提交投标文件截止时间、开标时间和地点",
            (
                Field("deadline", "投标截止（开标）时间", "moment", help="开标与投标截止为同一时间"),
                Field("place", "开标地点"),
            ),
        ),
        notice_period(5), OTHER, contacts("招标"),
    ),
    terms=(
        Term("提供开始日期", "", "offer_from", OPENED, least=0),
        TENDER_OFFER,
        Term(
            "自招标文件开始发出至投标截止", "offer_from", "deadline", "《政府采购法》第三十五条", least=20
        ),
        Term("投标截止时间", "offer_to", "deadline", "在招标文件提供期限届满之后", least=0),
    ),
)  # fmt: skip

COMPETITION = Format(
    4, "竞争性谈判（竞争性磋商、询价）公告", Writer.UNIT, ending="公告", money="budget", endable=True,
    about="竞争性谈判、竞争性磋商或询价采购，以公告邀请供应商",
    sections=(
        basics(Field("method", "采购方式", "choice", options=(NEGOTIATION, CONSULTATION, QUOTATION))),
        QUALIFICATION,
        offer("采购文件"),
        Section(
            "响应文件提交",
            (Field("deadline", "提交首次响应文件截止时间", "moment"), Field("place", "提交地点")),
        ),
        Section(
            "开启",
            (
                Field(
                    "opening", "开启时间", "moment", needed=False, help="竞争性谈判、竞争性磋商必须填写",
                    needed_when=(when("method", NEGOTIATION, CONSULTATION),),
                ),
                Field(
                    "opening_place", "开启地点", needed=False,
                    needed_when=(when("method", NEGOTIATION, CONSULTATION),),
                ),
            ),
        ),
        notice_period(3), OTHER, contacts("采购"),
    ),
    terms=(
        Term("提供开始日期", "", "offer_from", "采购文件自公告发布后提供", least=0),
        Term(
            "磋商文件的发售期限", "offer_from", "offer_to",
            "《政府采购竞争性磋商采购方式管理暂行办法》（财库〔2014〕214号）第十条", least=5, working=True,
            when=(when("method", CONSULTATION),),
        ),
        Term("提供截止日期", "offer_from", "offer_to", "在提供开始日期之后", least=0),
        Term(
            "自磋商文件发出至提交首次响应文件截止", "offer_from", "deadline",
            "财库〔2014〕214号第十条", least=10, when=(when("method", CONSULTATION),),
        ),
        Term(
            "自谈判文件发出至提交首次响应文件截止", "offer_from", "deadline",
            "《政府采购非招标采购方式管理办法》（财政部令第74号）第二十九条", least=3, working=True,
            when=(when("method", NEGOTIATION),),
        ),
        Term(
            "自询价通知书发出至提交响应文件截止", "offer_from", "deadline",
            "财政部令第74号第四十五条", least=3, working=True, when=(when("method", QUOTATION),),
        ),
        Term("开启时间", "deadline", "opening", "在响应文件提交截止之后", least=0),
    ),
)  # fmt: skip
