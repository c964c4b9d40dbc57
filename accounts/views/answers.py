"""How allauth's pages answer."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse

from linimasa.doors import View
from linimasa.forms import UNPROCESSABLE


def refusing(view: View) -> View:
    """allauth draws a refused form with status 200; here it is 422, and the template knows that there are errors."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and isinstance(response, TemplateResponse) and response.status_code == HttpResponse.status_code:
            data = response.context_data or {}
            forms = [value for name, value in data.items() if name == "form" or name.endswith("_form")]
            if any(getattr(form, "is_bound", False) and form.errors for form in forms):
                response.status_code = UNPROCESSABLE
                data["has_errors"] = True
        return response

    return wrapped
