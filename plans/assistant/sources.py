"""Since when the papers hold that several rules rest on, and whether that day was read in the paper."""

from datetime import date
from typing import NamedTuple

UNREAD = "首日待核对"


class Since(NamedTuple):
    """The first day of a paper; where nobody has read it in the paper itself, the panel says so."""

    day: date
    read: bool = False


LAW = Since(date(2003, 1, 1), read=True)  # 政府采购法第八十八条
REGULATION = Since(date(2015, 3, 1), read=True)  # 政府采购法实施条例第七十九条
INTENTS = Since(date(2021, 1, 1), read=True)  # 财库〔2020〕10号: provincial units by 皖财购〔2020〕458号
DEMAND = Since(date(2021, 7, 1), read=True)  # 财库〔2021〕22号
TENDERING = Since(date(2018, 6, 1), read=True)  # 国家发展改革委令第16号
FRAMEWORK = Since(date(2022, 3, 1), read=True)  # 财政部令第110号
TENDERS = Since(date(2017, 10, 1), read=True)  # 财政部令第87号
SYSTEM = Since(date(2020, 1, 1), read=True)  # the system's own hints: older plans are not kept here
BUDGET_LAW = Since(date(2015, 1, 1))  # 预算法 as revised
SIGNATURES = Since(date(2005, 4, 1))  # 电子签名法
IMPORTS = Since(date(2007, 12, 27))  # 财库〔2007〕119号: of December 2007, the day not read
CONSULTATION = Since(date(2014, 12, 31))  # 财库〔2014〕214号
SEVERAL_YEARS = Since(date(2014, 4, 14))  # 财库〔2014〕37号
ASSETS = Since(date(2016, 7, 1))  # 财资〔2016〕27号
RESEARCH = Since(date(2016, 11, 10))  # 财库〔2016〕194号
GREEN_LISTS = Since(date(2019, 4, 1))  # 财库〔2019〕18号, 19号
SME = Since(date(2021, 1, 1))  # 财库〔2020〕46号: of 18 December 2020, the first day not read
CATALOGUE_2022 = Since(date(2023, 1, 1))  # 品目分类目录, edition of 2022
STANDARDS_2023 = Since(date(2023, 12, 16))  # 政府采购需求标准 of 2023
