"""Since when the papers hold that several rules rest on."""

from datetime import date

LAW = date(2003, 1, 1)  # 政府采购法
REGULATION = date(2015, 3, 1)  # 政府采购法实施条例
BUDGET_LAW = date(2015, 1, 1)  # 预算法 as revised
IMPORTS = date(2007, 12, 27)  # 财库〔2007〕119号
INTENTS = date(2020, 7, 1)  # 财库〔2020〕10号
SME = date(2021, 1, 1)  # 财库〔2020〕46号
DEMAND = date(2021, 7, 1)  # 财库〔2021〕22号
CATALOGUE_2022 = date(2023, 1, 1)  # 品目分类目录, edition of 2022
SYSTEM = date(2020, 1, 1)  # the manual and the system's own hints: older plans are not kept here
