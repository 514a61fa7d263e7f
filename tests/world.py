"""A small province for tests: organisations, people in their posts, and papers made by plain functions."""

from decimal import Decimal
from types import SimpleNamespace

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from accounts.creditcode import check_digit
from accounts.models import Appointment, Organization, OrgKind, Post, User
from procurement import clock

YEAR = clock.today().year
PHONE = "0551-62816021"


def credit_code(serial: int) -> str:
    """A valid, obviously fake credit code."""
    body = f"12340000MB{serial:07d}"
    return body + check_digit(body)


def organization(name: str, kind: OrgKind, serial: int, **fields) -> Organization:
    return Organization.objects.create(name=name, kind=kind, uscc=credit_code(serial), **fields)


def organizations() -> SimpleNamespace:
    """Office, two divisions, a department, its unit, and a unit of strangers."""
    office = organization("安徽省财政厅政府采购处（示例）", OrgKind.OFFICE, 1, short_name="政府采购处")
    division = organization("教科文处", OrgKind.DIVISION, 2, phone="68150309")
    foreign_division = organization("社保处", OrgKind.DIVISION, 3)
    department = organization("示例教育厅", OrgKind.DEPARTMENT, 4, budget_code="105")
    unit = organization(
        "安徽示例大学", OrgKind.PURCHASER, 5, budget_code="105001001", parent=department, division=division,
        phone="0551-62816208", is_research=True,
    )  # fmt: skip
    foreign_unit = organization(
        "安徽示例医院", OrgKind.PURCHASER, 6, budget_code="361003001", division=foreign_division
    )
    return SimpleNamespace(
        office=office, division=division, foreign_division=foreign_division, department=department,
        unit=unit, foreign_unit=foreign_unit,
    )  # fmt: skip


PEOPLE = {
    "clerk": ("李经办", Post.CLERK, "unit"),
    "second_clerk": ("陈静", Post.CLERK, "unit"),
    "reviewer": ("王审核", Post.REVIEWER, "unit"),
    "divisional": ("周宁", Post.REVIEWER, "division"),
    "officer": ("刘敏", Post.APPROVER, "office"),
    "viewer": ("孙主管", Post.VIEWER, "department"),
    "stranger": ("赵外人", Post.CLERK, "foreign_unit"),
    "foreign_reviewer": ("钱外审", Post.REVIEWER, "foreign_unit"),
    "foreign_divisional": ("吴外处", Post.REVIEWER, "foreign_division"),
}


def person(username: str, name: str, post: Post | None = None, place: Organization | None = None) -> User:
    user = User.objects.create(username=username, name=name, phone=PHONE)
    if post:
        Appointment.objects.appoint(user, post, place)
    return user


def fresh(user: User) -> User:
    """The user as the next request sees him: posts are remembered for one request."""
    return User.objects.get(pk=user.pk)


def people(places: SimpleNamespace) -> SimpleNamespace:
    """Every test makes them, so each table is written once."""
    cast = PEOPLE | {"auditor": ("郑审计", Post.AUDITOR, "office")}
    users = [User(username=who, name=name, phone=PHONE) for who, (name, *_) in cast.items()]
    users.append(User(username="admin", name="管理员", is_staff=True, is_superuser=True))
    made = {user.username: user for user in User.objects.bulk_create(users)}
    kind = ContentType.objects.get_for_model(Organization)
    posts = {post.codename: post for post in Permission.objects.filter(content_type=kind)}
    Appointment.objects.bulk_create(
        Appointment(user=made[who], permission=posts[post], content_object=getattr(places, place))
        for who, (_, post, place) in cast.items()
    )
    return SimpleNamespace(**made)


def money(text: str) -> Decimal:
    return Decimal(text)
