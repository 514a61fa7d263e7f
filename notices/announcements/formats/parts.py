"""What a national format is made of: fields, tables, sections, and the legal terms it must keep."""

from dataclasses import dataclass
from enum import StrEnum

When = tuple[tuple[str, frozenset[str]], ...]  # every named field must hold one of these values


class Writer(StrEnum):
    """Who writes announcements of a format."""

    UNIT = "unit"
    OFFICE = "office"
    MODULE = "module"  # another stage of the system, by itself


@dataclass(frozen=True)
class Field:
    """One thing to be filled in; empty ones may be saved, needed ones must be there at 提交."""

    key: str
    label: str
    kind: str = "text"  # text long money day moment phone whole choice
    needed: bool = True
    help: str = ""
    options: tuple[str, ...] = ()
    needed_when: When = ()


@dataclass(frozen=True)
class Table:
    """Rows of the same shape: winners, main objects."""

    key: str
    label: str
    columns: tuple[Field, ...]
    least: int = 0  # rows at 提交
    help: str = ""


@dataclass(frozen=True)
class Section:
    """One numbered part of the announcement, with the heading the national format gives it."""

    title: str
    parts: tuple[Field | Table, ...] = ()
    text: str = ""  # a sentence that is the same in every announcement

    @property
    def is_small(self) -> bool:
        """A line or two of the form."""
        short = all(isinstance(part, Field) and part.kind != "long" for part in self.parts)
        return short and not self.text and len(self.parts) <= 2


@dataclass(frozen=True)
class Term:
    """A legal period between two days; an empty key means the day of publication.

    `least`: it must be no shorter, or nothing is submitted or published. `most`: it should be no longer;
    being late is no reason not to publish, so that is said in orange.
    """

    what: str
    since: str
    until: str
    basis: str
    least: int | None = None
    most: int | None = None
    working: bool = False
    when: When = ()

    @property
    def hard(self) -> bool:
        return self.most is None

    @property
    def length(self) -> str:
        unit = "个工作日" if self.working else "日"
        return f"不得少于 {self.least} {unit}" if self.hard else f"应在 {self.most} {unit}内"

    def applies(self, content: dict) -> bool:
        return holds(self.when, content)


def holds(when: When, content: dict) -> bool:
    return all(content.get(key) in values for key, values in when)


@dataclass(frozen=True)
class Format:
    """One of the thirteen formats of 财办库〔2020〕50号."""

    number: int
    name: str
    writer: Writer
    portal_kind: str = "announcement"
    ending: str = ""  # of the usual title: {project} + ending
    sections: tuple[Section, ...] = ()
    terms: tuple[Term, ...] = ()
    about: str = ""  # when it is used, for the page that offers it
    named_after: str = "project_name"  # the field the usual title begins with
    money: str = ""  # the field or "table.column" whose sum is the paper's amount
    correctable: bool = True  # a correction (6) may follow
    endable: bool = False  # a termination (7) may follow

    @property
    def fields(self) -> dict[str, Field]:
        return {part.key: part for part in self.parts if isinstance(part, Field)}

    @property
    def tables(self) -> dict[str, Table]:
        return {part.key: part for part in self.parts if isinstance(part, Table)}

    @property
    def parts(self) -> list[Field | Table]:
        return [part for section in self.sections for part in section.parts]


def when(key: str, *values: str) -> tuple[str, frozenset[str]]:
    return key, frozenset(values)


YES, NO = "是", "否"
OTHER = Section("其他补充事宜", (Field("other", "其他补充事宜", "long", needed=False),))


def notice_period(days: int) -> Section:
    return Section("公告期限", text=f"自本公告发布之日起 {days} 个工作日。")


def contacts(what: str) -> Section:
    """Whom to ask; the same in every format of a purchase."""
    return Section(
        f"凡对本次{what}提出询问，请按以下方式联系",
        (
            Field("purchaser_name", "采购人名称"),
            Field("purchaser_address", "采购人地址"),
            Field("purchaser_phone", "采购人联系方式", "phone"),
            Field("agency_name", "采购代理机构名称", needed=False, help="没有委托代理机构的不填"),
            Field("agency_address", "采购代理机构地址", needed=False),
            Field("agency_phone", "采购代理机构联系方式", "phone", needed=False),
            Field("contact", "项目联系人"),
            Field("contact_phone", "项目联系电话", "phone"),
        ),
    )


def basics(*more: Field) -> Section:
    """项目基本情况 of a purchase that is about to begin."""
    return Section(
        "项目基本情况",
        (
            Field("project_no", "项目编号", help="可填采购任务书编号"),
            Field("project_name", "项目名称"),
            *more,
            Field("budget", "预算金额（元）", "money"),
            Field("ceiling", "最高限价（元）", "money", needed=False, help="没有设定的不填"),
            Field("demand", "采购需求", "long", help="标的的名称、数量、简要技术需求或服务要求"),
            Field("duration", "合同履行期限"),
            Field("consortium", "是否接受联合体", "choice", options=(NO, YES)),
        ),
    )


QUALIFICATION = Section(
    "申请人的资格要求",
    (
        Field(
            "policy", "落实政府采购政策需满足的资格要求", "long", needed=False,
            help="例如专门面向中小企业采购；没有的填“无”",
        ),
        Field("special", "本项目的特定资格要求", "long", needed=False, help="没有的填“无”"),
    ),
    text="满足《中华人民共和国政府采购法》第二十二条规定。",
)  # fmt: skip


def offer(what: str) -> Section:
    """How suppliers get the documents."""
    return Section(
        f"获取{what}",
        (
            Field("offer_from", f"{what}提供开始日期", "day"),
            Field("offer_to", f"{what}提供截止日期", "day"),
            Field("offer_place", "获取地点", help="网上获取的填写网址"),
            Field("offer_way", "获取方式"),
            Field("offer_price", "售价（元）", "money", needed=False, help="免费的不填"),
        ),
    )
