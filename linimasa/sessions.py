"""Sessions in the database, as Django keeps them; only the one statement that every page asks is compiled once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from .prepared import Prepared


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


_BY_KEY = Prepared(lambda key: SessionStore.get_model_class().objects.filter(session_key=key), str)
