"""The backend of every session: it knows users, and no credentials."""

from django.contrib.auth.backends import ModelBackend


class CAKeyBackend(ModelBackend):
    """Model permissions stay (the admin asks them); who somebody is, entry.py proves by certificate alone."""

    def authenticate(self, request, **credentials):
        return None

    async def aauthenticate(self, request, **credentials):
        return None
