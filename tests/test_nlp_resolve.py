"""Mentions become entities only where the text says enough."""

import pytest
from conftest import add_article

from nlp.resolve import Resolver
from store.entities import count_entities, load_entities
from store.findings import replace_findings
from store.records import Mention, Position, Reading


@pytest.fixture
def db(news):
    load_entities(news)
    return news


def read(db, body, findings, province=None):
    """Resolve and store findings given as (record, kind, text, more); return the article's id."""
    article = add_article(db, body, province=province)
    records, cursor = [], 0
    for record, text, more in findings:
        start = body.index(text, cursor if record is Mention else 0)
        records.append(record(start=start, end=start + len(text), text=text, rule="test", **more))
    reading = Reading([(0, len(body))], records)
    with db.atomic():
        replace_findings(db, article, reading, Resolver(db, article, province).resolve(reading), "v1")
    return article


def person(text):
    return (Mention, text, {"kind": "person"})


def held(text, person, role, body):
    return (Position, text, {"person": person, "role": role, "organization": body})


def organization(text, **more):
    return (Mention, text, {"kind": "organization", **more})


def entity_of(db, article, text):
    sql = """select e.* from mentions m left join entities e on e.id = m.entity_id
             where m.article_id = ? and m.text = ?"""
    return next(db.query(sql, [article, text]))


def test_one_spelling_one_entity(db):
    one = read(db, "Công đoàn Cơ khí Sông Lô họp.", [organization("Công đoàn Cơ khí Sông Lô")])
    two = read(db, "Công đoàn cơ khí Sông Lô họp tiếp.", [organization("Công đoàn cơ khí Sông Lô")])
    assert entity_of(db, one, "Công đoàn Cơ khí Sông Lô")["id"] == entity_of(db, two, "Công đoàn cơ khí Sông Lô")["id"]


RELATIVE = ["LĐLĐ tỉnh", "UBND huyện", "Tỉnh ủy", "Huyện uỷ", "Ban Thường vụ", "Công đoàn Viên chức"]


@pytest.mark.parametrize("text", RELATIVE)
def test_a_relative_body_stays_unknown(db, text):
    article = read(db, f"{text} họp sáng nay.", [organization(text)])
    assert entity_of(db, article, text)["id"] is None


def test_a_relative_body_with_its_fuller_name(db):
    name = "Liên đoàn Lao động tỉnh Lai Châu"
    one = read(db, "LĐLĐ tỉnh họp.", [organization("LĐLĐ tỉnh", name=name)], "Lai Châu")
    assert entity_of(db, one, "LĐLĐ tỉnh")["name"] == name


def test_same_person_by_body(db):
    findings = [person("Vàng A Tủa"), organization("LĐLĐ tỉnh Sơn La"),
                held("Vàng A Tủa, Chủ tịch LĐLĐ tỉnh Sơn La", "Vàng A Tủa", "Chủ tịch", "LĐLĐ tỉnh Sơn La")]
    body = "Ông Vàng A Tủa, Chủ tịch LĐLĐ tỉnh Sơn La, phát biểu."
    one, two = read(db, body, findings), read(db, body, findings)
    assert entity_of(db, one, "Vàng A Tủa")["id"] == entity_of(db, two, "Vàng A Tủa")["id"]


def test_same_name_elsewhere_is_somebody_else(db):
    def article(province):
        body = f"Ông Trần Văn Bình, Chủ tịch LĐLĐ tỉnh {province}, phát biểu."
        text = f"Trần Văn Bình, Chủ tịch LĐLĐ tỉnh {province}"
        return read(db, body, [person("Trần Văn Bình"), organization(f"LĐLĐ tỉnh {province}"),
                               held(text, "Trần Văn Bình", "Chủ tịch", f"LĐLĐ tỉnh {province}")], province)

    one, two = entity_of(db, article("Sơn La"), "Trần Văn Bình"), entity_of(db, article("Cà Mau"), "Trần Văn Bình")
    assert one["id"] != two["id"]
    assert {one["slug"], two["slug"]} == {"tran-van-binh", "tran-van-binh-2"}


def test_bac_ho_is_ho_chi_minh(db):
    article = read(db, "Bác Hồ dạy: thi đua là yêu nước.", [person("Bác Hồ")])
    assert entity_of(db, article, "Bác Hồ")["name"] == "Hồ Chí Minh"


def test_one_directive_in_two_typings(db):
    body = "Chỉ thị 05/CT-TW và Chỉ thị số 05-CT/TW."
    findings = [(Mention, "Chỉ thị 05/CT-TW", {"kind": "document", "number": "05/CT-TW"}),
                (Mention, "Chỉ thị số 05-CT/TW", {"kind": "document", "number": "05-CT/TW"})]
    article = read(db, body, findings)
    assert len({row["entity_id"] for row in db["mentions"].rows_where("article_id = ?", [article])}) == 1


def test_a_provincial_number_is_not_one_document(db):
    number = {"kind": "document", "number": "15-NQ/TU"}
    article = read(db, "nghị quyết 15-NQ/TU", [(Mention, "nghị quyết 15-NQ/TU", number)])
    assert entity_of(db, article, "nghị quyết 15-NQ/TU")["id"] is None


def test_counts_and_forgotten_entities(db):
    article = read(db, "Công đoàn Cơ khí Sông Lô họp.", [organization("Công đoàn Cơ khí Sông Lô")])
    count_entities(db)
    found = entity_of(db, article, "Công đoàn Cơ khí Sông Lô")
    assert (found["article_count"], found["first_seen"], found["last_seen"]) == (1, "2024-05-01", "2024-05-01")
    db.execute("delete from mentions")
    db.execute("update state set value = 'stale'")
    count_entities(db)
    assert db.execute("select count(*) from entities where source = 'found'").fetchone() == (0,)
    assert db.execute("select count(*) from entities where source = 'reference'").fetchone() != (0,)


def test_the_cost_of_a_name_that_thousands_bear_does_not_grow(db):
    """Steps of SQLite's machine for one more article, early and late: people known by name alone are never walked."""
    findings = [person("Lê Văn Tám"), held("Lê Văn Tám, Chủ tịch Công đoàn Dệt Sông Lô", "Lê Văn Tám", "Chủ tịch",
                                           "Công đoàn Dệt Sông Lô")]

    def steps():
        count = 0

        def move():
            nonlocal count
            count += 1

        db.conn.set_progress_handler(move, 10)
        read(db, "Lê Văn Tám, Chủ tịch Công đoàn Dệt Sông Lô, phát biểu.", findings, "Phú Thọ")
        db.conn.set_progress_handler(None, 0)
        return count

    def strangers(count):
        for _ in range(count):
            read(db, "Ông Lê Văn Tám phát biểu.", [person("Lê Văn Tám")], "Sơn La")

    strangers(20)
    early = steps()
    strangers(300)
    assert steps() <= early * 1.3


def test_many_of_one_name_have_slugs_in_order(db):
    for _ in range(9):
        read(db, "Ông Lê Văn Tám phát biểu.", [person("Lê Văn Tám")])
    slugs = [row[0] for row in db.execute("select slug from entities where name = 'Lê Văn Tám' order by id")]
    assert slugs == ["le-van-tam", *(f"le-van-tam-{number}" for number in range(2, 10))]
