"""Copies join their story, whatever was reworded, cut or added; notices made from one form stay apart."""

import itertools
import random
import re
import tomllib
from pathlib import Path

import pytest
from conftest import add_article

from nlp.shingles import Bands, sign
from nlp.stories import Groups, group_stories, link_stories
from store.stories import StoredText
from store.text import normalize

ROOT = Path(__file__).resolve().parent.parent
CASES = tomllib.loads((ROOT / "tests/data/cases/stories.toml").read_text(encoding="utf-8"))
DEMO = [tomllib.loads(p.read_text(encoding="utf-8")) for p in sorted((ROOT / "crawler/demo/articles").glob("*.toml"))]


def demo_text(article):
    paragraphs = [p if isinstance(p, str) else p.get("text", "") for p in article["paragraphs"]]
    return article["title"], normalize("\n".join([article.get("lead", ""), *paragraphs]))


def reword(text, dice, share):
    """Put other words for a share of those the table knows, as a rewriting machine does."""
    for word, other in CASES["reworded"]:
        text = re.sub(rf"(?<!\w){word}(?!\w)", lambda m, o=other: o if dice.random() < share else m[0], text)
    return text


def reprint(title, body, dice):
    """The text under a new title, with a credit line and a caption; sometimes without its end."""
    paragraphs = body.split("\n")
    if len(paragraphs) > 3 and dice.random() < 0.5:
        paragraphs = paragraphs[: -(len(paragraphs) // 4)]
    paragraphs.insert(dice.randint(1, len(paragraphs)), dice.choice(CASES["captions"]))
    paragraphs.append(dice.choice(CASES["credits"]))
    return title.split(": ")[-1], "\n".join(paragraphs)


def fill(text, turn):
    """A form with its places filled; every turn takes the next of every filler, but not a copy of the last."""
    chosen = {kind: fillers[turn % len(fillers)] for kind, fillers in CASES["fillers"].items()}
    return normalize(text.format(**chosen))


def look_alikes(turns=11):
    return [(fill(form["title"], turn), fill(form["text"], turn)) for form in CASES["form"] for turn in range(turns)]


def texts_of(articles):
    return [StoredText(number, title, body) for number, (title, body) in enumerate(articles, 1)]


def labelled():
    """Families of copies, of the demo's articles and of filled forms; and which texts belong together."""
    dice = random.Random(3)
    families = []
    known = {}
    for article in DEMO:
        title, body = demo_text(article)
        family = [(title, body), reprint(title, body, dice), (title, reword(body, dice, 0.9))]
        family.append(reprint(title, reword(body, dice, 0.6), dice))
        # The demo itself holds copies: they are told by their name.
        known.setdefault(article.get("copy_of") or article["id"], []).extend(family)
    families += known.values()
    for title, body in look_alikes():
        families.append([(title, body), reprint(title, reword(body, dice, 0.7), dice)])
    return families


def pairs(groups):
    """Every two ids that share a group."""
    return {pair for group in groups for pair in itertools.combinations(sorted(group), 2)}


def score(families):
    """Precision and recall of the pairs found."""
    numbers = itertools.count(1)
    wanted = pairs([[next(numbers) for _ in family] for family in families])
    found = pairs(group_stories(texts_of(itertools.chain(*families))))
    return len(found & wanted) / len(found), len(found & wanted) / len(wanted)


def test_labelled_families():
    families = labelled()
    assert len(families) >= 100
    assert len({title for title, _ in itertools.chain(*families)}) > 60
    precision, recall = score(families)
    assert precision >= 0.98
    assert recall >= 0.95


@pytest.mark.parametrize(("dropped", "least"), [(0.1, 0.98), (0.2, 0.9)])
def test_heavily_reworded_copies_join(dropped, least):
    """Every known word replaced, and a share of all small words left out."""
    dice = random.Random(6)

    def roughen(body):
        lines = (line.split(" ") for line in reword(body, dice, 1.0).split("\n"))
        return "\n".join(" ".join(w for w in line if not (w.islower() and dice.random() < dropped)) for line in lines)

    originals = [demo_text(article) for article in DEMO if not article.get("copy_of")] + look_alikes()
    copied = {article["copy_of"] for article in DEMO if article.get("copy_of")}
    assert copied <= {article["id"] for article in DEMO}
    precision, recall = score([[(title, body), (title, roughen(body))] for title, body in originals])
    assert precision >= 0.98
    assert recall >= least


def test_look_alikes_stay_apart():
    assert group_stories(texts_of(look_alikes())) == []


LONG = demo_text(DEMO[0])


@pytest.mark.parametrize(
    ("say", "change", "days", "joined"),
    [
        ("the same text", {}, 30, True),
        ("capitals, tones and quotes", {"hòa": "hoà", "“": '"', "”": '"'}, 30, True),
        ("one number spoilt in a reprint", {" 46.000": " 46.001"}, 1, True),
        ("the same form weeks later, one number new", {" 46.000": " 47.500"}, 30, False),
        ("another place and person throughout", {"Đồng Nai": "Bình Phước", "KCN": "khu chế xuất Tân Thuận"}, 1, False),
    ],
)
def test_copies_and_forms(say, change, days, joined):
    title, body = LONG
    assert "46.000" in title
    other = f"{title}\n{body}"
    for old, new in change.items():
        other = other.replace(old, new)
    texts = [StoredText(1, title, body, "2024-05-01"), StoredText(2, *other.split("\n", 1), f"2024-05-{1 + days}")]
    assert (group_stories(texts) == [[1, 2]]) is joined, say


@pytest.mark.parametrize("text", ["", "a", "😀" * 50, "1 2 3 " * 40, "\n" * 30, "Đ" * 5000, "\x00 ,. " * 30])
def test_odd_texts_read(text):
    assert group_stories([StoredText(1, "", text), StoredText(2, text, ""), StoredText(3, "Tin", text)]) is not None


def test_short_texts_are_never_recognised():
    assert sign("Công đoàn trao quà cho công nhân ở Vinh.") is None
    assert group_stories([StoredText(1, "Tin ảnh", "Trao quà."), StoredText(2, "Tin ảnh", "Trao quà.")]) == []


def test_same_whatever_the_order():
    texts = texts_of(itertools.chain(*labelled()[:20]))
    expected = group_stories(texts)
    random.Random(1).shuffle(texts)
    assert group_stories(texts) == expected


def test_crowded_bands_are_bounded():
    """A form filled a thousand times must not be compared a million times."""
    signatures = [sign(f"{fill(CASES['form'][0]['text'], 0)} số {number}") for number in range(1000)]
    assert 1000 <= len(list(Bands(signatures).find_candidates(range(1000)))) <= 20 * 1000


def test_a_copy_is_found_in_a_crowd():
    """Among hundreds made from one form, more alike than their reworded copies are."""
    dice = random.Random(4)
    form, fillers = CASES["form"][4]["text"], CASES["fillers"].items()
    crowd = [normalize(form.format(**{kind: dice.choice(some) for kind, some in fillers})) for _ in range(200)]
    families = [[("", text)] + [("", reword(text, dice, 0.7))] * (at % 8 == 0) for at, text in enumerate(crowd)]
    assert score(families) == (1, 1)


def test_groups_are_joined():
    assert list(Groups()) == []
    assert list(Groups([(5, 6), (1, 2), (2, 6), (8, 9), (7,)])) == [[1, 2, 5, 6], [8, 9]]


def stories_of(db):
    stories = db.execute("select id, title, first_published_at, article_count from stories order by id").fetchall()
    return stories, db.execute("select id, story_id from articles order by id").fetchall()


def add_texts(db, pairs_of_text):
    for number, (title, body) in enumerate(pairs_of_text):
        add_article(db, body, title=title, content_hash=f"h{number}", published_at=f"2024-05-{28 - number:02}")


def test_stories_linked(news):
    family = labelled()[0][:3]
    add_texts(news, [*family, *look_alikes()[:3]])
    assert link_stories(news) == 1
    stories, articles = stories_of(news)
    assert stories == [(1, family[2][0], "2024-05-26", 3)]
    assert [story for _, story in articles] == [1, 1, 1, None, None, None]


def test_step_by_step_gives_the_same_stories(tmp_path):
    from store.db import open_news

    texts = [text for family in labelled()[:12] for text in family]
    random.Random(2).shuffle(texts)
    at_once, by_one = open_news(tmp_path / "a"), open_news(tmp_path / "b")
    for number, (title, body) in enumerate(texts):
        for db in (at_once, by_one):
            add_article(db, body, title=title, content_hash=f"h{number}")
        link_stories(by_one)
    assert link_stories(at_once) == link_stories(by_one) >= 10
    assert stories_of(at_once) == stories_of(by_one)


def test_changed_article_leaves_its_story(news):
    family = labelled()[0][:3]
    add_texts(news, family)
    assert link_stories(news) == 1
    title, body = look_alikes()[0]
    news["articles"].update(1, {"title": title, "body": body, "content_hash": "new"})
    assert link_stories(news) == 1
    assert [story for _, story in stories_of(news)[1]] == [None, 2, 2]
    news["articles"].update(2, {"title": title, "body": body, "content_hash": "newer"})
    assert link_stories(news) == 1
    assert [story for _, story in stories_of(news)[1]] == [1, 1, None]


def test_nothing_new_changes_nothing(news):
    assert link_stories(news) == 0
    add_texts(news, labelled()[0][:3])
    link_stories(news)
    before = news.conn.total_changes
    assert link_stories(news) == 1
    assert news.conn.total_changes == before


def test_interrupted_run_is_done_again(news, monkeypatch):
    add_texts(news, labelled()[0][:3])

    def fail(db, group):
        raise KeyboardInterrupt

    monkeypatch.setattr("store.stories.save_story", fail)
    with pytest.raises(KeyboardInterrupt):
        link_stories(news)
    monkeypatch.undo()
    assert link_stories(news) == 1


def digest(*texts):
    """What a site prints at the end of the week: several articles under one title."""
    return "Điểm tin công đoàn trong tuần", "\n".join(body for _, body in texts)


def unrelated(count=2):
    """Articles of the demo that are no copies, of nearly the same length: each a good part of a digest of both."""
    originals = sorted((demo_text(a) for a in DEMO if not a.get("copy_of")), key=lambda text: len(text[1]))
    middle = len(originals) // 2
    return originals[middle : middle + count]


def test_a_digest_does_not_make_one_story_of_two():
    one, other = unrelated()
    assert group_stories(texts_of([one, digest(one, other)])) == [[1, 2]]
    assert group_stories(texts_of([one, other, digest(one, other)])) == []


def test_copies_stay_together_beside_a_digest():
    dice = random.Random(8)
    one, other = unrelated()
    copies = [reprint(*one, dice), reprint(*other, dice), (one[0], reword(one[1], dice, 0.9))]
    assert group_stories(texts_of([one, other, digest(one, other), *copies])) == [[1, 4, 6], [2, 5]]


def test_a_digest_that_comes_later_takes_nothing_apart(news):
    dice = random.Random(8)
    one, other = unrelated()
    add_texts(news, [one, other, reprint(*one, dice), reprint(*other, dice)])
    assert link_stories(news) == 2
    before = stories_of(news)
    title, body = digest(one, other)
    add_article(news, body, title=title, content_hash="digest", published_at="2024-05-29")
    assert link_stories(news) == 2
    stories, articles = stories_of(news)
    assert stories == before[0] and articles == [*before[1], (5, None)]


def test_a_digest_that_came_first_lets_go(news):
    one, other = unrelated()
    add_texts(news, [digest(one, other), one])
    assert link_stories(news) == 1
    add_article(news, other[1], title=other[0], content_hash="other", published_at="2024-05-29")
    assert link_stories(news) == 0
    assert [story for _, story in stories_of(news)[1]] == [None, None, None]


def test_copies_of_copies_stay_one_story():
    """Reworded again and again, each from the last: the first and the last still share their facts."""
    dice = random.Random(9)
    title, body = LONG
    chain = [(title, body)]
    for _ in range(5):
        chain.append(reprint(chain[-1][0], reword(chain[-1][1], dice, 0.5), dice))
    assert group_stories(texts_of(chain)) == [[1, 2, 3, 4, 5, 6]]
