"""The endpoint's pages: templates rendered with every value escaped, scripts and styles as files."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request

FOLDER = Path(__file__).parent
LANGUAGES = ("zh", "en")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_page(template: str, *, language: str, **values: Any) -> str:
    """Render a template; `say(zh, en)` chooses the language inside it."""

    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    return _environment().get_template(template).render(say=say, language=language, **values)


def choose_language(request: Request, parameters: Mapping[str, list[str]]) -> str:
    """Choose `zh` or `en`: `?lang=`, else the browser's first of the two, else Chinese."""
    wanted = parameters.get("lang", [""])[0]
    if wanted in LANGUAGES:
        return wanted
    for part in request.headers.get("accept-language", "").lower().split(","):
        if (tag := part.strip()[:2]) in LANGUAGES:
            return tag
    return "zh"
