"""The task books of the demo: filed on the real page, sealed and handed over by the workers, received."""

import time
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db.models import Q

from procurement.flow.outbox import Delivery
from procurement.sealing.models import SealedPaper
from tasks.models import TaskBook
from tasks.models.choices import Execution

from .browser import Stopped, Visitor
from .plan_papers import MAIN_PLAN, MORE_BOOKS, PLANS
from .plan_papers import Plan as Wanted
from .plans import plan_of
from .world import Told, World, must

READY_WITHIN = 180  # seconds for the workers and the executors
FILED = (MAIN_PLAN, PLANS[0], *MORE_BOOKS)  # 集采, 徽采商城, 属地, 科研, 分散
RECEIVED = MAIN_PLAN
LEFT = PLANS[1]  # approved, for 皖采商城: stays in 待备案


def book_of(wanted: Wanted) -> TaskBook | None:
    """The first book of this plan; visitors of the demo may have revoked it since."""
    plan = plan_of(wanted)
    return plan and plan.books.order_by("pk").first()


def filed(world: World, wanted: Wanted) -> None:
    """备案 by the clerk, unless it was done; the workers begin at once, while the demo walks on."""
    if wanted not in FILED or book_of(wanted) is not None:
        return
    plan = plan_of(wanted)
    visitor = world.visitor(wanted.cast["clerk"])
    answer = visitor.submit(visitor.get(f"/tasks/plans/{plan.pk}/file/"), "version", {}, follow=False)
    must(book_of(wanted) is not None, answer, f"备案计划 {plan.number}")
    world.tick()


def finished() -> bool:
    """Whether all books are filed, sealed and handed over, and the one is received."""
    books = [book_of(wanted) for wanted in FILED]
    return all(books) and not any(map(lacking, books)) and not unheard(book_of(RECEIVED))


def received(world: World) -> None:
    """The executor takes the book on its own page; the signed report comes back."""
    wait_for(lambda: next(filter(None, map(lacking, map(book_of, FILED))), ""))
    book = book_of(RECEIVED)
    if unheard(book):
        own = task_page(book)
        answer = Visitor(own, "").post(f"{own.rstrip('/')}/receive", [])
        must(answer.status == 200, answer, f"执行机构接收任务书 {book.number}")
        world.tick()
    wait_for(lambda: unheard(book_of(RECEIVED)))


def lacking(book: TaskBook) -> str:
    """What the workers still owe this book, in a sentence; nothing when it stands as it should."""
    paper, message = book.sealed.latest("pk"), handed_over(book)
    if paper.under_way or paper.state == SealedPaper.State.FAILED:
        return f"任务书 {book.number} {paper.get_state_display()}：{paper.error or '任务进程没有处理'}"
    if message and message.state != Delivery.State.SENT:
        return f"任务书 {book.number} 没有送达：{message.last_error or '任务进程没有处理'}"
    return ""


def unheard(book: TaskBook) -> str:
    """Filed, not revoked, and its executor has not answered."""
    waiting = book.execution == Execution.WAITING and book.revoked_at is None
    return f"任务书 {book.number} 没有收到执行机构的回报" if waiting else ""


def wait_for(missing) -> None:
    """Until nothing is missing any more; workers and executors are other processes."""
    deadline = time.monotonic() + READY_WITHIN
    while sentence := missing():
        if hopeless().exists() or time.monotonic() > deadline:
            raise Stopped(sentence)
        time.sleep(0.2)


def hopeless():
    """Books a person must look at: waiting longer would not help."""
    books = TaskBook.objects.filter(pk__in=[book.pk for book in map(book_of, FILED)])
    return books.filter(
        Q(sealed__state=SealedPaper.State.FAILED) | Q(deliveries__state=Delivery.State.MANUAL)
    )


def handed_over(book: TaskBook) -> Delivery | None:
    """Nothing where the unit carries it out itself."""
    return book.deliveries.order_by("pk").first()


def task_page(book: TaskBook, *, public: bool = False) -> str:
    """The order's page at its executor, today: the port may have changed since it was handed over."""
    about = settings.EXECUTORS[book.channel]
    base = (about["pages"] if public else "") or about["url"]
    return urljoin(base, urlsplit(handed_over(book).remote_url).path)


def tell(world: World, told: Told) -> None:
    """The plan nobody has filed yet; then each book: its state, its paper, who can check it, its executor."""
    plan = plan_of(LEFT)
    if book_of(LEFT) is None:
        label = f"待备案 {plan.get_plan_type_display()} {plan.title}"
        told.lines.append((label, plan.clerk.name, world.address(f"/tasks/plans/{plan.pk}/file/")))
    for book in map(book_of, FILED):
        paper = book.sealed.latest("pk")
        clerk, status = book.clerk.name, book.get_execution_display() if not book.revoked_at else book.status
        told.lines += [
            (f"{book.get_kind_of_book_display()} {book.number}：{status}", clerk,
             world.address(f"/tasks/books/{book.pk}/")),
            (f"  任务书 PDF（{paper.get_state_display()}，登录后下载）", clerk,
             world.address(f"/sealed/{paper.pk}/file/")),
            ("  公开查验（不用登录）", "任何人", world.address(paper.check_path)),
        ]  # fmt: skip
        if handed_over(book):
            page = task_page(book, public=True)
            told.lines.append((f"  模拟执行系统：{book.executor_name}", book.get_channel_display(), page))
