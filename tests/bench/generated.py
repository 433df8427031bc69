"""A news.db of any size made of invented articles, with findings that stand where they say: for load tests."""

import random
from itertools import accumulate
from pathlib import Path

from sqlite_utils import Database
from tqdm import tqdm

from store.db import open_news
from store.derived import rebuild_derived
from store.lanes import LANES, index_text, write_entries
from store.text import name_key, slugify

SURNAMES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"]
MIDDLES = ["Văn", "Thị", "Hữu", "Ngọc", "Minh", "Thanh", "Quốc", "Đức", "Thùy", "Xuân"]
GIVEN = [
    "An",
    "Bình",
    "Chi",
    "Dung",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Hoa",
    "Hùng",
    "Hương",
    "Khánh",
    "Lan",
    "Linh",
    "Long",
    "Mai",
    "Nam",
    "Nga",
    "Phúc",
    "Quân",
    "Sơn",
    "Tâm",
    "Thảo",
    "Trang",
    "Tú",
    "Vân",
    "Yến",
]
PLACES = [
    "Sông Trăng",
    "Hòn Khói",
    "Đồi Chè",
    "Bến Sậy",
    "Núi Voi",
    "Cồn Cát",
    "Rừng Thông",
    "Ao Sen",
    "Suối Mây",
    "Gò Me",
]
TRADES = [
    "May",
    "Giày",
    "Gỗ",
    "Thép",
    "Cao su",
    "Thủy sản",
    "Điện tử",
    "Bao bì",
    "Xi măng",
    "Dược",
    "Chè",
    "Mía đường",
    "Vận tải",
    "In",
    "Nhựa",
]
VIRTUES = [
    "Bữa cơm",
    "Mái ấm",
    "Nụ cười",
    "Sáng kiến",
    "Đôi tay",
    "Ánh đèn",
    "Chuyến xe",
    "Trang sách",
    "Vườn rau",
    "Tiếng hát",
]
GOALS = [
    "ca đêm",
    "công nhân",
    "nghĩa tình",
    "xanh",
    "an toàn",
    "tuổi trẻ",
    "sum họp",
    "vùng cao",
    "ngày mới",
    "xa nhà",
]
NOUNS = [
    "đoàn viên",
    "sáng kiến",
    "suất quà",
    "công nhân",
    "căn nhà",
    "người lao động",
    "công trình",
    "suất ăn",
    "tập thể",
    "cá nhân",
    "lượt người",
    "đề tài",
]
AWARDS = ["Bằng khen", "Cờ thi đua", "Giấy khen", "Bằng Lao động sáng tạo", "Kỷ niệm chương"]
ROLES = ["Chủ tịch", "Phó Chủ tịch", "Trưởng ban", "Phó Trưởng ban", "Giám đốc"]
CODES = ["AG", "HN", "HCM", "NA", "TH", "QN", "DNG", "HP", "LC", "BN", "HY", "NB", "CT", "GL", "DT"]
SITES = [f"trang-{number}" for number in range(1, 13)]
# {person} {role} {org} {campaign} {n} {noun} {date} {award} {place}: every slot is a finding.
FRAMES = (
    "Ngày {date}, {org} tổ chức phát động phong trào “{campaign}” tại {place}, thu hút {n} {noun} tham gia.",
    "{person}, {role} {org}, cho biết đơn vị đã vận động {n} {noun} hưởng ứng từ đầu năm đến nay.",
    "Theo {person}, sau một thời gian triển khai, {n} {noun} được ghi nhận và nhân rộng ở nhiều nơi.",
    "Dịp này, {org} tặng {award} cho {n} {noun} có thành tích xuất sắc trong công việc thường ngày.",
    "Phong trào “{campaign}” tiếp tục được {org} duy trì, mỗi quý có thêm {n} {noun} mới đăng ký.",
    "Tại {place}, từ {date}, việc chăm lo đời sống được làm thường xuyên với {n} {noun} mỗi tháng.",
)
CLOSING = "Nhiều ý kiến cho rằng cách làm gần gũi, lắng nghe từ cơ sở là điều giữ chân người ở lại lâu dài."


def heavy(random_: random.Random, things: list, cumulative: list[float]):
    """Choose one thing; the first are chosen most, as names in the news are."""
    return random_.choices(things, cum_weights=cumulative)[0]


def zipf(number: int) -> list[float]:
    """Return cumulative weights of which each is its place's share."""
    return list(accumulate(1 / place for place in range(1, number + 1)))


def make_entities(db: Database, random_: random.Random) -> dict[str, list[tuple[int, str]]]:
    """Write the entities; return (id, name) by kind, the same ones for any number of articles."""
    names = {
        "campaign": [f"{a} {b}" for a in VIRTUES for b in GOALS],
        "organization": [f"Công đoàn Công ty {t} {p} {n}" for n in range(1, 21) for t in TRADES for p in PLACES],
        "person": [f"{s} {m} {g}" for s in SURNAMES for m in MIDDLES for g in GIVEN],
        "place": PLACES,
        "award": AWARDS,
    }
    entities: dict[str, list[tuple[int, str]]] = {}
    for kind, some in names.items():
        random_.shuffle(some)
        for name in some:
            number = db.execute(
                "insert into entities (kind, name, slug, source) values (?, ?, ?, 'reference')",
                [kind, name, slugify(name)],
            ).lastrowid
            db.execute("insert into aliases values (?, ?, ?)", [number, name, name_key(name)])
            entities.setdefault(kind, []).append((number, name))
    return entities


def make_article(number: int, random_: random.Random, entities: dict, weights: dict):
    """Return an article's row, its sentences and its findings (table, columns), offsets and all."""
    parts, sentences, findings = [], [], []
    at = 0
    day = f"{random_.randint(2012, 2024)}-{random_.randint(1, 12):02}-{random_.randint(1, 28):02}"
    chosen = {kind: [heavy(random_, some, weights[kind]) for _ in range(2)] for kind, some in entities.items()}
    for line in range(11):
        frame = FRAMES[line % len(FRAMES)] if line < 9 else CLOSING
        begin, who, whose = at, None, None
        for piece in frame.replace("}", "{").split("{"):
            text, columns = piece, None
            if piece in ("person", "org", "campaign", "award", "place"):
                kind = {"org": "organization"}.get(piece, piece)
                entity, text = random_.choice(chosen[kind])
                columns = ("mentions", {"kind": kind, "entity_id": entity})
                who, whose = (entity, text) if kind == "person" else who, entity if kind == "organization" else whose
            elif piece == "date":
                text = f"{day[8:]}/{day[5:7]}/{day[:4]}"
                columns = ("dates", {"date_start": day})
            elif piece == "n":
                value = random_.choice((random_.randint(2, 90), random_.randint(1000, 99999)))
                text = f"{value:,}".replace(",", ".")
                columns = ("figures", {"value": value, "qualifier": "exact", "unit_kind": "count"})
            elif piece == "noun":
                text = random_.choice(NOUNS)
                figure = findings[-1][1]
                figure |= {"unit": text, "end": at + len(text), "text": f"{figure['text']} {text}"}
                if "{campaign}" in frame:
                    figure["campaign_id"] = chosen["campaign"][0][0]
            elif piece == "role":
                text = random_.choice(ROLES)
                columns = (
                    "positions",
                    {
                        "person": who and who[1],
                        "role": text,
                        "person_id": who and who[0],
                        "organization_id": chosen["organization"][0][0],
                        "as_of": day,
                    },
                )
            if columns:
                findings.append(
                    (
                        columns[0],
                        columns[1] | {"start": at, "end": at + len(text), "text": text, "rule": "g", "line": line},
                    )
                )
            parts.append(text)
            at += len(text)
        sentences.append((begin, at))
        parts.append("\n" if line % 3 == 2 else " ")
        at += 1
    body = "".join(parts).rstrip()
    campaign, org = chosen["campaign"][0][1], chosen["organization"][0][1]
    title = random_.choice(
        (f"{org} với phong trào {campaign}", f"“{campaign}” ở {chosen['place'][0][1]}: chuyện {number}")
    )
    row = {
        "id": number,
        "url": f"https://tin.example/{number}",
        "site": random_.choice(SITES),
        "title": title,
        "author": random_.choice(GIVEN),
        "published_at": f"{day}T08:00:00+07:00",
        "province": random_.choice(CODES),
        "lead": body.partition("\n")[0][:300],
        "body": body,
        "first_seen_at": day,
        "fetched_at": day,
        "content_hash": str(number),
        "page_hash": str(number),
        "extractor": "generated",
    }
    return row, sentences, findings


def insert(db: Database, table: str, rows: list[dict]) -> None:
    """Write rows of one shape."""
    if rows:
        names = list(dict.fromkeys(name for row in rows for name in row))
        sql = f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})"
        db.conn.executemany(sql, [[row.get(name) for name in names] for row in rows])


def make_news(folder: Path, articles: int, seed: int = 9) -> Path:
    """Write news.db with so many invented articles; the same seed gives the same rows. Return its path."""
    random_ = random.Random(seed)
    db = open_news(folder)
    db.execute("pragma synchronous = off")
    db.execute("pragma cache_size = -400000")
    entities = make_entities(db, random_)
    weights = {kind: zipf(len(some)) for kind, some in entities.items()}
    sentence = 0
    for first in tqdm(range(1, articles + 1, 1000), disable=None):
        rows, told, by_table = [], [], {}
        with db.atomic():
            for number in range(first, min(first + 1000, articles + 1)):
                row, sentences, findings = make_article(number, random_, entities, weights)
                rows.append(row)
                told += [
                    {"id": sentence + i, "article_id": number, "start": s, "end": e, "text": row["body"][s:e]}
                    for i, (s, e) in enumerate(sentences, 1)
                ]
                for table, columns in findings:
                    columns |= {"article_id": number, "sentence_id": sentence + columns.pop("line") + 1}
                    by_table.setdefault(table, []).append(columns)
                sentence += len(sentences)
            insert(db, "articles", rows)
            insert(db, "sentences", told)
            for table, columns in by_table.items():
                insert(db, table, columns)
            lanes = {
                lane.table: [[index_text(lane, r[c]) for c in ("title", "lead", "body")] for r in rows]
                for lane in LANES
            }
            for table, texts in lanes.items():
                full = [[r["id"], *three] for r, three in zip(rows, texts, strict=True)]
                db.conn.executemany(f"insert into {table} (rowid, title, lead, body) values (?, ?, ?, ?)", full)
            entries = [
                [r["id"], write_entries({table: texts[i] for table, texts in lanes.items()})]
                for i, r in enumerate(rows)
            ]
            db.conn.executemany("insert into search_words (rowid, words) values (?, ?)", entries)
    with db.atomic():
        rebuild_derived(db)
        db.execute(
            "update entities set article_count = (select count(*) from entity_articles where entity_id = entities.id)"
        )
    for table in (*(lane.table for lane in LANES), "search_words"):
        db.execute(f"insert into {table} ({table}) values ('optimize')")
    db.execute("analyze")
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()
    return folder / "news.db"
