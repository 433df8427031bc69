"""A sentence in Vietnamese of what a reference list says of an entity."""

import re
from collections.abc import Mapping

from store.reference import Entry, load_reference

KINDS = {
    "union": "Tổ chức công đoàn", "government": "Cơ quan chính quyền", "party": "Cơ quan của Đảng",
    "state": "Cơ quan nhà nước", "front": "Tổ chức của Mặt trận Tổ quốc", "enterprise": "Doanh nghiệp", "fund": "Quỹ",
    "international": "Tổ chức quốc tế", "press": "Cơ quan báo chí", "school": "Cơ sở đào tạo",
    "society": "Tổ chức chính trị - xã hội",
}  # fmt: skip
ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def describe(list_name: str, entry: Entry) -> str:
    """Return the sentence of one line of a list.

    >>> describe("provinces", Entry("BG", "Bắc Giang", more={"type": "tỉnh", "valid_to": "2025-06-30"}))
    'Tỉnh, đến ngày 30/6/2025.'
    """
    more = entry.more
    parts = [first_words(list_name, more), *dates(more)]
    if successor := name_of(list_name, more.get("successor", "")):
        parts.append(f"sau đó là {successor}" if list_name == "campaigns" else f"nay thuộc {successor}")
    if absorbed := [name_of(list_name, code) for code in more.get("absorbed", "").split()]:
        parts.append(f"từ ngày 1/7/2025 gồm cả {' và '.join(absorbed)}")
    return ", ".join(part for part in parts if part) + "."


def first_words(list_name: str, more: Mapping[str, str]) -> str:
    """Return what kind of thing it is and whose."""
    if list_name == "ministries":
        return "Cơ quan của Chính phủ"
    if list_name == "historical_people":
        return "Nhân vật lịch sử"
    if list_name == "organizations":
        return KINDS.get(more.get("kind", ""), "Tổ chức")
    if list_name in ("provinces", "districts"):
        parent = name_of("provinces", more.get("parent", ""))
        return capital(more["type"]) + (f" thuộc {parent}" if parent else "")
    kind = capital(more.get("kind") or ("danh hiệu" if list_name == "awards" else "phong trào"))
    whose = f" do {more['launcher']} phát động" if more.get("launcher") else ""
    return kind + whose + (f" của {more['giver']}" if more.get("giver") else "")


def dates(more: Mapping[str, str]) -> list[str]:
    """Return from when and until when it is so."""
    said = (("valid_from", "từ"), ("launched", "từ"), ("valid_to", "đến"), ("concluded", "đến"))
    return [f"{word} {day(more[column])}" for column, word in said if more.get(column)]


def day(iso: str) -> str:
    """Return a date as Vietnamese writes it, as precise as it is.

    >>> [day("2025-06-30"), day("2017-07"), day("1985")]
    ['ngày 30/6/2025', 'tháng 7/2017', 'năm 1985']
    """
    found = ISO.fullmatch(iso)
    if not found:
        return iso
    year, month, of_month = found.groups()
    if of_month:
        return f"ngày {int(of_month)}/{int(month)}/{year}"
    return f"tháng {int(month)}/{year}" if month else f"năm {year}"


def name_of(list_name: str, code: str) -> str:
    """Return the name behind a code of the same list, or the code itself where it is no code."""
    if not code:
        return ""
    return next((e.name for e in load_reference(list_name) if e.code == code), code)


def capital(text: str) -> str:
    """Return the text with its first letter large."""
    return text[:1].upper() + text[1:]
