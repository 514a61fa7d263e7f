"""People and their posts."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from django.contrib.auth.models import AbstractUser, Permission, UserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionBase

from .organizations import Organization, Post


class Posts:
    """The posts one user holds today, read with one query and asked many times."""

    def __init__(self, appointments):
        self.appointments = list(appointments)
        self._at = defaultdict(set)
        for appointment in self.appointments:
            self._at[appointment.post].add(appointment.content_object_id)

    def __iter__(self) -> Iterator["Appointment"]:
        return iter(self.appointments)

    def __len__(self) -> int:
        return len(self.appointments)

    def holds(self, post: str, organization_id: int | None) -> bool:
        return organization_id in self._at[post]

    def organizations(self, post: str) -> set[int]:
        return self._at[post]


class PeopleManager(UserManager):
    """People, and the one read every request begins with."""

    use_in_migrations = False

    def with_posts(self, pk: int) -> "User | None":
        """The user together with his posts of today, in one query (two for somebody without posts)."""
        held = list(Appointment.objects.valid().select_related("user").filter(user=pk))
        if not held:
            return self.filter(pk=pk).first()
        user = held[0].user
        user.posts = Posts(held if user.is_active else [])
        return user


class User(AbstractUser):
    """One natural person, one account; keys and posts are bound to it."""

    name = models.CharField("姓名", max_length=40)
    phone = models.CharField("电话", max_length=40, blank=True)
    first_name = last_name = None
    email = None
    EMAIL_FIELD = None
    REQUIRED_FIELDS = ["name"]

    objects = PeopleManager()

    class Meta:
        verbose_name = verbose_name_plural = "用户"

    def __str__(self):
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def clean(self):
        self.username = self.normalize_username(self.username)

    @cached_property
    def posts(self) -> Posts:
        """Today's posts. A superuser has none by being one: an administrator does not approve."""
        if not self.is_active:
            return Posts([])
        return Posts(Appointment.objects.valid().filter(user=self))


class AppointmentQuerySet(models.QuerySet):
    """Questions about appointments."""

    def valid(self, on=None):
        """Appointments in force on a day (default today, Shanghai)."""
        on = on or timezone.localdate()
        return (
            self.select_related("permission", "content_object")
            .filter(Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on))
            .filter(content_object__is_active=True)
            .order_by("pk")
        )

    def holding(self, post: str, organization_id: int):
        """Who holds `post` at an organisation today."""
        return self.valid().filter(
            permission__codename=post, content_object=organization_id, user__is_active=True
        )


class AppointmentManager(UserObjectPermissionManager.from_queryset(AppointmentQuerySet)):
    """Grants posts; guardian's `assign_perm` comes through here too."""

    def appoint(self, user: User, post: Post, organization: Organization, **dates) -> "Appointment":
        appointment = self.assign_perm(post, user, organization)
        for name, value in dates.items():
            setattr(appointment, name, value)
        if dates:
            appointment.save(update_fields=list(dates))
        return appointment


class Appointment(UserObjectPermissionBase):
    """A person holds a post at an organisation for a time: the only table of grants."""

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments", verbose_name="用户")
    permission = models.ForeignKey(Permission, models.PROTECT, verbose_name="岗位")
    content_object = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="单位", related_name="appointments"
    )
    valid_from = models.DateField("自", default=timezone.localdate)
    valid_to = models.DateField("至", null=True, blank=True)

    objects = AppointmentManager()

    class Meta:
        verbose_name = verbose_name_plural = "任岗"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "permission", "content_object"],
                name="one_row_per_post",
                violation_error_message="此人已任该单位的这个岗位。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="appointment_dates_in_order",
                violation_error_message="任岗结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self):
        return f"{self.content_object.label} · {self.label}"

    @property
    def post(self) -> str:
        return self.permission.codename

    @property
    def label(self) -> str:
        return Post(self.post).label
