"""The backend of every session: it knows users, and no credentials."""

from django.contrib.auth.backends import ModelBackend

from accounts.models import User


class CAKeyBackend(ModelBackend):
    """Model permissions stay (the admin asks them); who somebody is, entry.py proves by certificate alone."""

    def get_user(self, user_id):
        """Every request begins here: the user and his posts in one query."""
        user = User.objects.with_posts(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None

    def authenticate(self, request, **credentials):
        return None

    async def aauthenticate(self, request, **credentials):
        return None
