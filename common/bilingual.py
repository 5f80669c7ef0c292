"""Fields that organisers write in Korean and in English."""

from typing import Any

from django.utils.translation import get_language


class Bilingual:
    """Reads `<name>_ko` or `<name>_en` by the active language; the other one when that is empty.

    >>> class Meeting(models.Model):
    ...     title_ko = models.CharField(max_length=200)
    ...     title_en = models.CharField(max_length=200)
    ...     title = Bilingual()
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> str:
        if instance is None:
            return self.name
        wanted, other = ("en", "ko") if (get_language() or "ko").startswith("en") else ("ko", "en")
        text: str = getattr(instance, f"{self.name}_{wanted}") or getattr(instance, f"{self.name}_{other}")
        return text
