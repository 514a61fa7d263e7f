"""What is asked of a supplier; the values are the supervision interface's codes (domain.md §15.1)."""

from django.db import models


class Size(models.TextChoices):
    """企业规模."""

    LARGE = "1", "大型企业"
    MEDIUM = "2", "中型企业"
    SMALL = "3", "小型企业"
    MICRO = "4", "微型企业"
    OTHER = "9", "其他"


class Special(models.TextChoices):
    """特殊性质, treated as small enterprises (财库〔2014〕68号, 财库〔2017〕141号)."""

    PRISON = "1", "监狱企业"
    DISABLED = "2", "残疾人福利性单位"
    OTHER = "9", "其他"


class Investment(models.TextChoices):
    """外商投资类型."""

    FOREIGN = "0", "外商独资"
    PART = "1", "部分外资"
    DOMESTIC = "2", "内资"


class Country(models.TextChoices):
    """投资国别."""

    EUROPE = "0", "欧资"
    AMERICA = "1", "美资"
    JAPAN = "2", "日资"
    OTHER = "99", "其他"
