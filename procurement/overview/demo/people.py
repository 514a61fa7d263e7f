"""People and their posts. Everybody's PIN in the demo is the same; every key is a SoftHSM token."""

from dataclasses import dataclass

from accounts.models import Appointment, Organization, Post, User

from .organizations import OFFICE

PIN = "246810"


@dataclass(frozen=True)
class Person:
    """One login: user name, name, phone, and the posts held."""

    username: str
    name: str
    phone: str
    posts: tuple[tuple[Post, str], ...]

    @property
    def organization(self) -> str:
        return self.posts[0][1] if self.posts else "安徽省财政厅"


def at(username: str, name: str, tail: str, *posts: tuple[Post, str]) -> Person:
    return Person(username, name, f"0551-{tail}", posts)


CLERK, REVIEWER, APPROVER, VIEWER, AUDITOR = Post
UNIVERSITY, COLLEGE, BUREAU = "安徽示例大学", "江淮示例学院", "示例教育厅机关"
HOSPITAL, DISEASE, ROADS = "安徽示例医院", "安徽示例疾病预防控制中心", "示例公路事业发展中心"

PEOPLE = [
    at("jb_daxue01", "李晓兰", "62810101", (CLERK, UNIVERSITY)),
    at("jb_daxue02", "陈立", "62810102", (CLERK, UNIVERSITY)),
    at("sh_daxue01", "王建国", "62810103", (REVIEWER, UNIVERSITY)),
    at("jb_jyt01", "张敏", "62810001", (CLERK, BUREAU), (CLERK, COLLEGE)),  # holds two posts
    at("jb_jyt02", "许静", "62810002", (CLERK, BUREAU)),
    at("sh_jyt01", "何志强", "62810003", (REVIEWER, BUREAU)),
    at("jb_xueyuan01", "孙悦", "62810201", (CLERK, COLLEGE)),
    at("jb_xueyuan02", "朱琳", "62810202", (CLERK, COLLEGE)),
    at("sh_xueyuan01", "马骏", "62810203", (REVIEWER, COLLEGE)),
    at("jb_yiyuan01", "胡雪", "62810301", (CLERK, HOSPITAL)),
    at("jb_yiyuan02", "郭涛", "62810302", (CLERK, HOSPITAL)),
    at("sh_yiyuan01", "林峰", "62810303", (REVIEWER, HOSPITAL)),
    at("jb_jikong01", "罗丹", "62810401", (CLERK, DISEASE)),
    at("jb_jikong02", "梁宇", "62810402", (CLERK, DISEASE)),
    at("sh_jikong01", "宋佳", "62810403", (REVIEWER, DISEASE)),
    at("jb_gonglu01", "郑凯", "62810501", (CLERK, ROADS)),
    at("jb_gonglu02", "谢芳", "62810502", (CLERK, ROADS)),
    at("sh_gonglu01", "韩冰", "62810503", (REVIEWER, ROADS)),
    at("gk_jkw01", "周宁", "68150309", (REVIEWER, "教科文处")),
    at("gk_sb01", "唐颖", "68150631", (REVIEWER, "社保处")),
    at("gk_jj01", "冯磊", "68150631", (REVIEWER, "经建处")),
    at("cgc01", "刘敏", "68150640", (APPROVER, OFFICE)),
    at("cgc02", "董卫东", "68150641", (APPROVER, OFFICE), (CLERK, OFFICE)),  # writes its announcements
    at("zg_jyt01", "袁梅", "62810009", (VIEWER, "示例教育厅")),
    at("zg_wjw01", "邓超", "62810309", (VIEWER, "示例卫健委")),
    at("sj01", "曹审计", "68150699", (AUDITOR, OFFICE)),
    at("admin", "系统管理员", "68150640"),
]
UNBOUND = at("weibangding", "赵新", "62810109", (CLERK, UNIVERSITY))  # a key nobody has bound yet


def create(places: dict[str, Organization]) -> dict[str, User]:
    """Make people and posts that are missing; {user name: user}."""
    users = {}
    for person in PEOPLE:
        is_admin = not person.posts
        user, made = User.objects.get_or_create(
            username=person.username,
            defaults={
                "name": person.name, "phone": person.phone, "is_staff": is_admin, "is_superuser": is_admin
            },
        )  # fmt: skip
        if made:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            for post, place in person.posts:
                Appointment.objects.appoint(user, post, places[place])
        users[person.username] = user
    return users
