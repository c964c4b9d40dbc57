"""Sessions in the database, as Django keeps them; what every page and every sign-in asks or writes of them is compiled once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from .prepared import Prepared, PreparedUpdate, insert


class SessionStore(DatabaseStore):
    """Django's database sessions. A key that no session can have is answered without asking."""

    def _get_session_from_db(self) -> Any:
        key = self.session_key
        if key and key.isascii() and key.isalnum():
            found = _BY_KEY.objects(key)
            if found and found[0].expire_date > timezone.now():
                return found[0]
        self._session_key = None
        return None

    def _get_new_session_key(self) -> str:
        """By chance alone: whether it is free is decided by ``save``, which ``create`` asks again with another one if it is not."""
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)

    def save(self, must_create: bool = False) -> None:
        """Write the session. Raises CreateError when a new one's key is taken, UpdateError when the session was deleted meanwhile."""
        if self.session_key is None:
            self.create()
            return
        row = self.create_model_instance(self._get_session(no_load=must_create))  # type: ignore[attr-defined]  # not in the stubs
        if must_create:
            try:
                with transaction.atomic():
                    insert(row)
            except IntegrityError:
                raise CreateError from None
        elif not _WRITTEN.update(row.session_key, session_data=row.session_data, expire_date=row.expire_date):
            raise UpdateError


KEY_LENGTH = 32
_BY_KEY = Prepared(lambda key: SessionStore.get_model_class().objects.filter(session_key=key), str)
_WRITTEN = PreparedUpdate(
    lambda key: SessionStore.get_model_class().objects.filter(session_key=key), str, fields=("session_data", "expire_date")
)
