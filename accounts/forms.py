"""What is asked at sign-up. (allauth reads this module while it loads its own forms, so nothing here may import those.)"""

from __future__ import annotations

from django.http import HttpRequest

from linimasa.forms import Form

from .models import User


class SignupFields(Form):
    """Nothing more than address and password: the profile is asked once, after the address is verified."""

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth's hook; there is nothing to add."""
