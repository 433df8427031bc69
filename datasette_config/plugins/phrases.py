"""What every template of ours can say: the reader's language, numbers and days written its way, names of kinds."""

from collections.abc import Callable
from typing import Any

from datasette import hookimpl
from datasette.utils import path_with_replaced_args

KINDS = {
    "person": ("Người", "People"),
    "position": ("Chức vụ", "Offices"),
    "organization": ("Tổ chức", "Organisations"),
    "campaign": ("Phong trào", "Campaigns"),
    "event": ("Mốc của phong trào", "Campaign events"),
    "award": ("Danh hiệu", "Awards"),
    "grant": ("Trao thưởng", "Grants"),
    "figure": ("Số liệu", "Figures"),
    "date": ("Thời gian", "Dates"),
    "document": ("Văn bản", "Documents"),
    "place": ("Địa danh", "Places"),
}
QUALIFIERS = {
    "exact": ("", ""),
    "over": ("hơn", "over"),
    "under": ("gần", "under"),
    "about": ("khoảng", "about"),
    "range": ("từ", "from"),
}
EVENTS = {
    "launched": ("phát động", "launched"),
    "renamed": ("đổi tên", "renamed"),
    "reviewed": ("sơ kết, tổng kết", "reviewed"),
    "concluded": ("kết thúc", "concluded"),
}


def language(request: Any) -> str:
    """Return vi or en: what ?lang= asks for, else what was asked for last, else vi."""
    if request is None:
        return "vi"
    for choice in (request.args.get("lang"), request.cookies.get("lang")):
        if choice in ("vi", "en"):
            return str(choice)
    return "vi"


def amount(value: object, lang: str) -> str:
    """Return a number as the language writes it: 6.000.000,5 or 6,000,000.5; anything else as it is."""
    if not isinstance(value, int | float):
        return "" if value is None else str(value)
    written = f"{value:,.10g}" if abs(value) < 10**9 else f"{value:,.0f}"
    return written.translate(str.maketrans(",.", ".,")) if lang == "vi" else written


# Vietnamese money is read in these; nine zeros are counted by nobody.
SUMS = ((10**9, "tỷ", "billion"), (10**6, "triệu", "million"))


def money(value: object, unit: str, lang: str) -> str:
    """Return a sum of đồng as it is said, 1.260 tỷ, where that says all of it; any other number as amount() does."""
    if unit == "đồng" and isinstance(value, int | float):
        for size, vietnamese, english in SUMS:
            if abs(value) >= size and round(value / size, 3) * size == value:
                return f"{amount(round(value / size, 3), lang)} {vietnamese if lang == 'vi' else english}"
    return amount(value, lang)


def day(moment: str | None, lang: str) -> str:
    """Return an ISO date or time, as precise as it is: 10/09/2020 08:00, 09/2020, 2020; in English as stored."""
    if not moment:
        return ""
    date, _, time = moment.partition("T")
    if lang == "vi":
        date = "/".join(reversed(date.split("-")))
    return f"{date} {time[:5]}".strip()


@hookimpl
def extra_template_vars(request: Any) -> dict[str, Any]:
    """Give the templates `lang`, `say(vi, en)`, `amount`, `day`, `kinds`, … and the way to the other language."""
    lang = language(request)
    other = "en" if lang == "vi" else "vi"

    def say(vietnamese: str, english: str) -> str:
        return vietnamese if lang == "vi" else english

    def named(table: dict[str, tuple[str, str]]) -> dict[str, str]:
        return {key: say(*names) for key, names in table.items()}

    def in_language(function: Callable[[Any, str], str]) -> Callable[[Any], str]:
        return lambda value: function(value, lang)

    return {
        "lang": lang,
        "say": say,
        "amount": in_language(amount),
        "day": in_language(day),
        "money": lambda value, unit: money(value, unit, lang),
        "kinds": named(KINDS),
        "qualifiers": named(QUALIFIERS),
        "event_names": named(EVENTS),
        "other_language": path_with_replaced_args(request, {"lang": other}) if request else "",
    }
