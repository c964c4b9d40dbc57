"""Whom a session belongs to: asked on every page of every signed-in person."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from linimasa.prepared import Prepared

from .models import User

_BY_KEY = Prepared(lambda key: User.objects.filter(pk=key).order_by(), int)


class Backend(AuthenticationBackend):
    """allauth's, with the one statement of every page compiled once."""

    def get_user(self, user_id: int) -> User | None:
        """The person, unless the account is not active. One statement."""
        found = _BY_KEY.objects(user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
