"""Which of its two languages the program speaks to this person."""

import locale
import os


def is_chinese() -> bool:
    """Tell whether messages to people are Chinese.

    `KG_LANG` (`zh` or `en`) decides, then the usual locale variables, then what the
    operating system says (Windows keeps it outside the environment).
    """
    for name in ("KG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return value.lower().startswith("zh")
    return (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese"))


def say(zh: str, en: str) -> str:
    """Choose the sentence in the language of the person at the keyboard."""
    return zh if is_chinese() else en
