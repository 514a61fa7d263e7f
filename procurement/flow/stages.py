"""A stage: declare a kind of paper and its pages follow (architecture.md §3)."""

from functools import lru_cache, partial, update_wrapper

from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Post

from . import batch_pages, draft_pages, form_pages, list_pages, paper_pages
from .context import fiscal_year
from .desks import REVIEWING, SEATS, Desk
from .forms import PaperForm
from .lists import Column, FilterForm
from .menu import READERS, Entry, register
from .models import Document

both = require_http_methods(["GET", "HEAD", "POST"])


class Stage:
    """One kind of paper: its model, form, menu labels and columns; `urls()` gives its pages."""

    model: type[Document]
    form: type[PaperForm]
    section: str
    entry: str = ""
    review: str = ""
    filing: str = ""
    columns: list[Column] = []
    filter_form = FilterForm
    attachments: dict[str, str] = {}  # category code -> label
    related: tuple[str, ...] = ()  # select_related of the detail page
    kinds: dict[str, str] = {}  # what 新增 offers: ?kind= code -> label
    begun_by_itself = True  # False: no 新增, the paper grows out of another one
    links: tuple[tuple[str, str], ...] = ()  # (label, url name) of more buttons above the entry list

    # --- what a stage may say otherwise ---------------------------------------------------------------

    @classmethod
    def blank(cls, request):
        """A new, unsaved paper for 新增; `request.GET` says what it starts from."""
        unit = request.user.current.content_object
        return cls.model.begin(unit, request.user, year=fiscal_year(request))

    @classmethod
    def more(cls, request, paper) -> dict:
        """More context for the detail, form and print pages."""
        return {}

    @classmethod
    def build_form(cls, request, paper, data=None, files=None) -> PaperForm:
        return cls.form(data, files, instance=paper, by=request.user)

    @classmethod
    def form_title(cls, paper) -> str:
        return f"{'修改' if paper.pk else '新增'}{cls.model._meta.verbose_name}"

    @classmethod
    def batchable(cls, paper) -> str | None:
        """Why this paper is not passed along with others, None when it may be; no query per paper."""
        return f"{cls.model._meta.verbose_name}须逐件审核。"

    # --- what follows from it -------------------------------------------------------------------------

    @classmethod
    def slug(cls) -> str:
        return cls.model._meta.model_name

    @classmethod
    def templates(cls, page: str) -> list[str]:
        """Most special first: intents/detail.html, then flow/detail.html."""
        return [f"{cls.model._meta.app_label}/{cls.slug()}_{page}.html", f"flow/{page}.html"]

    @classmethod
    def url(cls, page: str, *args) -> str:
        return address(f"{cls.slug()}-{page}", *args)

    @classmethod
    def urls(cls) -> list:
        """URL patterns of all pages; also puts the stage's lines into the menu."""
        register(*cls.menu_entries())
        pages = [
            ("", "list", require_safe(bind(list_pages.listing, cls, which="list"))),
            ("review/", "review", require_safe(bind(list_pages.listing, cls, which="review"))),
            ("review/batch/", "batch", both(bind(batch_pages.batch, cls))),
            ("filing/", "filing", require_safe(bind(list_pages.listing, cls, which="filing"))),
            ("export/<str:which>/", "export", require_safe(bind(list_pages.export, cls))),
            ("new/", "new", both(bind(form_pages.new, cls))),
            ("autosave/", "autosave", both(bind(draft_pages.autosave, cls))),
            ("autosave/discard/", "discard", require_POST(bind(draft_pages.discard, cls))),
            ("<int:pk>/edit/", "edit", both(bind(form_pages.edit, cls))),
            ("<int:pk>/delete/", "delete", require_POST(bind(form_pages.delete, cls))),
            ("<int:pk>/", "detail", require_safe(bind(paper_pages.detail, cls))),
            ("<int:pk>/moves/", "move", both(bind(paper_pages.move, cls))),
            ("<int:pk>/print/", "print", require_safe(bind(paper_pages.printed, cls))),
            ("<int:pk>/files/<int:file>/", "file", require_safe(bind(paper_pages.download, cls))),
            (
                "<int:pk>/files/<int:file>/delete/",
                "file-delete",
                require_POST(bind(form_pages.drop_file, cls)),
            ),
        ]
        absent = {name for name in ("review", "filing") if not getattr(cls, name)}
        absent |= set() if cls.review else {"batch"}
        return [path(to, view, name=f"{cls.slug()}-{name}") for to, name, view in pages if name not in absent]

    @classmethod
    def review_posts(cls) -> frozenset:
        """Posts that may review this kind, whatever the content decides."""
        return frozenset(SEATS[desk].post for desk in cls.model.desks if desk in REVIEWING)

    @classmethod
    def menu_entries(cls) -> list[Entry]:
        clerk, kind, slug = frozenset([Post.CLERK]), cls.slug(), cls.slug()
        # without a filing menu of its own, 待发布 papers are counted on the entry menu
        own = {Desk.CLERK} | ({Desk.FILING} & set(cls.model.desks) if not cls.filing else set())
        entries = [Entry(cls.section, cls.entry, f"{slug}-list", clerk, kind, frozenset(own))]
        if cls.review:
            readers = cls.review_posts() | READERS
            entries.append(
                Entry(cls.section, cls.review, f"{slug}-review", readers, kind, frozenset(REVIEWING))
            )
        if cls.filing:
            desk = frozenset([Desk.FILING])
            entries.append(Entry(cls.section, cls.filing, f"{slug}-filing", clerk, kind, desk))
        return entries

    @classmethod
    def papers(cls, request):
        """This kind, this year, that the user may see."""
        return cls.model.objects.visible_to(request.user).in_year(fiscal_year(request))


@lru_cache(maxsize=20_000)
def address(name: str, *args) -> str:
    """`reverse`, remembered: a list asks it a hundred times, and the addresses never change."""
    return reverse(name, args=args)


def bind(view, stage: type[Stage], **fixed):
    """A page function bound to its stage."""
    return update_wrapper(partial(view, stage, **fixed), view)
