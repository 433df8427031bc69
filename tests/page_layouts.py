"""How the systems of the page fixtures print: template, editors' hand, dates, bylines, addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
MONTHS = ("Một", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười", "Mười Một", "Mười Hai")


@dataclass(frozen=True)
class Layout:
    """How one system prints: its template, the hand of its editors, its dates, its bylines."""

    family: str
    style: str
    dates: tuple[str, ...]
    bylines: tuple[str, ...]
    url: str
    section: bool = False
    updated: str = ""
    # What the system sets before every lead.
    credit: str = ""


DATES: dict[str, Callable[[datetime], str]] = {
    "weekday": lambda t: f"{WEEKDAYS[t.weekday()]} - {t:%d/%m/%Y %H:%M}",
    "gmt": lambda t: f"{WEEKDAYS[t.weekday()]}, {t.day}/{t.month}/{t:%Y, %H:%M} (GMT+7)",
    "gmt_bare": lambda t: f"{t:%d/%m/%Y %H:%M} GMT+7",
    "clock": lambda t: f"{t:%H:%M %d/%m/%Y} | Lượt xem : 833",
    "dash": lambda t: f"{t:%H:%M} - {t:%d/%m/%Y}",
    "dots": lambda t: f"{t:%d.%m.%Y} | {t:%H:%M} {'PM' if t.hour > 11 else 'AM'}",
    "short": lambda t: f"{t:%H:%M %d-%m-%y}",
    "windows": lambda t: f"{t:%d/%m/%Y %I:%M:%S %p}",
    "windows_vi": lambda t: f"Cập nhật: {t:%d/%m/%Y %I:%M:%S} {'CH' if t.hour > 11 else 'SA'}",
    "labelled": lambda t: f"Ngày đăng: {t:%d/%m/%Y}  - Lượt xem: 81",
    "updated": lambda t: f"Cập nhật lúc: {t:%H:%M}, {WEEKDAYS[t.weekday()]}, {t:%d/%m/%Y} (GMT+7)",
    "words": lambda t: f"Được đăng: {t.day} Tháng {t.month} {t.year}",
    "posted": lambda t: f"Đăng lúc {t:%H:%M} ngày {t.day}/{t.month}/{t.year}",
    "seen": lambda t: f"Ngày đăng: {t:%d/%m/%Y %H:%M} | Lượt xem: 1.204",
    "hours": lambda t: f"{t:%Hh%M} ngày {t:%d/%m/%Y}",
    "bar": lambda t: f"{t:%H:%M:%S | %d/%m/%Y}",
    "comma": lambda t: f"{t:%H:%M, %d/%m/%Y}",
    "paren": lambda t: f"(Ngày đăng: {t:%d/%m/%Y})",
    "joomla": lambda t: f"{WEEKDAYS[t.weekday()]}, {t:%d} Tháng {t.month} {t:%Y %H:%M}",
    "created": lambda t: f"{WEEKDAYS[t.weekday()]}, {t:%d/%m/%Y - %H:%M}",
    "named": lambda t: f"Tháng {MONTHS[t.month - 1]} {t.day}, {t.year}",
    "long": lambda t: f"{WEEKDAYS[t.weekday()]}, {t.day} tháng {t.month}, {t.year}",
    "words_time": lambda t: f"{t.day} tháng {t.month}, {t:%Y %H:%M}",
    "seconds_vi": lambda t: (
        f"{WEEKDAYS[t.weekday()]}, {t.day}/{t.month}/{t.year} | {t:%I:%M:%S} {'CH' if t.hour > 11 else 'SA'}"
    ),
    "clock_bare": lambda t: f"{t:%d/%m/%Y %H:%M}",
    "iso_time": lambda t: f"{t:%Y-%m-%d %H:%M:%S}",
}
BARE = {"labelled", "paren"}
# The page shows the day alone and has no machine stamp of its time.
DAY_ALONE = {"elementor"}
LAYOUTS = (
    Layout(
        "nukeviet4",
        "p",
        ("weekday",),
        ("slot", "sign", "source_slot"),
        "https://cd.example/vi/news/tin/{slug}-{n}.html",
        updated="edited",
    ),
    Layout("nukeviet3", "p", ("weekday",), ("slot", "sign"), "https://cd.example/index.php/vi/news/Tin/{slug}-{n}/"),
    Layout(
        "dnn",
        "word",
        ("short", "windows"),
        ("sign", "label", "initials"),
        "https://cd.example/Default.aspx?tabid=107&NID={n}",
    ),
    Layout(
        "aspnet",
        "div",
        ("labelled", "updated", "seen"),
        ("sign", "theo", "label"),
        "https://cd.example/ChiTiet.aspx?Id={n}",
    ),
    Layout("sharepoint", "div", ("clock",), ("sign", "slot"), "https://cd.example/Pages/chi-tiet.aspx?ItemID={n}"),
    Layout(
        "laodong",
        "vc",
        ("gmt",),
        ("head",),
        "https://bao.example/cong-doan/{slug}-{n}.ldo",
        section=True,
        updated="json",
    ),
    Layout(
        "vccorp",
        "vc",
        ("gmt_bare",),
        ("head",),
        "https://bao.example/{slug}-1962{n}0915.htm",
        section=True,
        updated="json",
        credit="(NT) - ",
    ),
    Layout(
        "mastercms",
        "vc",
        ("dots", "dash", "gmt"),
        ("head", "label"),
        "https://bao.example/{slug}-post{n}.html",
        section=True,
    ),
    Layout("joomla", "p", ("words",), ("slot", "sign"), "https://cd.example/index.php/tin-tuc/{n}-{slug}"),
    Layout("drupal", "p", ("posted",), ("sign", "label"), "https://cd.example/tin-tuc/{slug}"),
    Layout(
        "homephp",
        "br",
        ("windows_vi", "hours", "dash"),
        ("sign", "initials", "theo"),
        "https://cd.example/index.php?m=tin&id={n}",
    ),
    Layout(
        "portal",
        "word",
        ("seen", "clock"),
        ("sign", "label", "source"),
        "https://cd.example/web/guest/chi-tiet/-/view/{n}",
    ),
    Layout("tagdiv", "p", ("posted",), ("head", "sign"), "https://cd.example/{slug}/", section=True, updated="json"),
    Layout(
        "bootstrap",
        "p",
        ("gmt", "dash", "posted"),
        ("sign", "label", "source"),
        "https://cd.example/tin-tuc/{slug}-{n}",
    ),
    Layout(
        "nvmobile",
        "p",
        ("weekday",),
        ("slot", "sign", "source_slot"),
        "https://m.cd.example/vi/news/tin/{slug}-{n}.html",
        updated="edited",
    ),
    Layout("nvtheme", "mso", ("windows", "iso_time"), ("slot", "sign"), "https://cd.example/tin-tuc/{slug}-{n}.html"),
    Layout("vhv", "p", ("bar",), ("slot", "sign", "label"), "https://cd.example/tin/{slug}.html"),
    Layout("mojo", "mso", ("clock_bare",), ("slot", "sign"), "https://cd.example/{slug}-{n}"),
    Layout("lifeblogs", "div", ("comma",), ("slot", "sign", "label"), "https://cd.example/web/cd/detail?uuid={n}"),
    Layout(
        "spprovince",
        "ext",
        ("seconds_vi", "comma"),
        ("slot", "sign"),
        "https://cd.example/Pages/newsdetail.aspx?NewsId={n}&CatId=5",
    ),
    Layout("fonttable", "br", ("paren", "windows"), ("sign", "initials", "theo"), "https://cd.example/?Def=221&ID={n}"),
    Layout(
        "joomla15",
        "mso",
        ("joomla",),
        ("slot", "sign"),
        "https://cd.example/index.php?option=com_content&view=article&id={n}",
    ),
    Layout("drupal9", "p", ("created",), ("slot", "sign"), "https://cd.example/node/{n}"),
    Layout("hugo", "p", ("named",), ("head", "sign"), "https://cd.example/bai/{slug}/", updated="meta"),
    Layout("blogger", "blogger", ("long",), ("head", "sign"), "https://cd-truong.example/2018/03/{slug}.html"),
    Layout(
        "next",
        "vc",
        ("words_time", "dash"),
        ("head",),
        "https://cd.example/{slug}-{n}.html",
        section=True,
        updated="json",
    ),
    Layout("amp", "amp", ("comma",), ("head",), "https://amp.bao.example/cong-doan/{slug}-{n}.html", updated="json"),
    Layout("onecms", "pic", ("created",), ("head", "sign"), "https://bao.example/{slug}-{n}.html", section=True),
    Layout("easydnn", "div", ("comma",), ("head", "sign"), "https://cd.example/tin/ArtMID/1234/ArticleID/{n}/{slug}"),
    Layout("flatsome", "p", ("named",), ("head", "sign"), "https://cd.example/{slug}/", section=True, updated="time"),
    Layout("elementor", "p", ("named",), ("head", "sign"), "https://cd.example/{slug}/"),
    Layout(
        "wordpaste",
        "mso",
        ("clock_bare", "paren"),
        ("sign", "initials", "source"),
        "https://cd.example/News.aspx?id={n}",
    ),
)
