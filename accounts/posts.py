"""Posts in requests: guardian-style permission answers, and the post being acted in."""

from django.contrib.auth.backends import BaseBackend

from accounts.models import Organization

SESSION_KEY = "appointment"


class PostBackend(BaseBackend):
    """`user.has_perm("accounts.clerk", organisation)` answered from today's posts."""

    def has_perm(self, user_obj, perm, obj=None):
        if obj is None or not isinstance(obj, Organization) or not user_obj.is_authenticated:
            return False
        return user_obj.posts.holds(perm.removeprefix("accounts."), obj.pk)


class CurrentPostMiddleware:
    """Sets `request.user.current`: the post chosen in the top bar, else the first one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            chosen = request.session.get(SESSION_KEY)
            posts = request.user.posts
            request.user.current = next((a for a in posts if a.pk == chosen), next(iter(posts), None))
        return self.get_response(request)
