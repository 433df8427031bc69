"""Marking a body: the text stays what it was, tags nest, every finding's pieces are its own words."""

import importlib.util
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_datasette_config_newsroom import CONFIG, HOSTILE


def load_plugin(name):
    spec = importlib.util.spec_from_file_location(name, CONFIG / "plugins" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


marks = load_plugin("marks")


class Reader(HTMLParser):
    """Reads marked HTML back: its text, each finding's text, each sentence's text, the anchors; refuses bad nesting."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.text, self.found, self.sentences, self.ids, self.stack = "", {}, {}, [], []
        self.feed(html)
        self.close()
        assert not self.stack

    def handle_starttag(self, tag, attributes):
        assert tag in ("mark", "span")
        told = dict(attributes)
        self.ids += [told["id"]] if "id" in told else []
        self.stack.append((tag, told.get("data-finding")))

    def handle_endtag(self, tag):
        assert self.stack.pop()[0] == tag

    def handle_data(self, data):
        self.text += data
        for tag, finding in self.stack:
            if tag == "mark":
                self.found[finding] = self.found.get(finding, "") + data


def read_back(body, sentences, findings):
    paragraphs = marks.mark_body(body, sentences, findings)
    readers = [Reader(str(p)) for p in paragraphs]
    whole = Reader("".join(map(str, paragraphs)))
    assert len(whole.ids) == len(set(whole.ids))
    return readers, whole


def row(start, end, kind="figure", number=1):
    return {"start": start, "end": end, "kind": kind, "id": number}


def test_a_finding_stands_in_its_mark():
    (html,) = marks.mark_body("Có 12 tổ.", [row(0, 9)], [row(3, 8)])
    want = (
        '<span class="sentence" id="s-1">Có <mark class="figure" data-finding="figure-1" id="f-figure-1">12 tổ</mark>.'
    )
    assert html == want + "</span>"


def test_nested_findings_nest():
    (html,) = marks.mark_body("Bà Mây, Chủ tịch", [], [row(3, 16, "position"), row(3, 6, "person")])
    assert html.index('id="f-position-1"') < html.index('id="f-person-1"')
    assert html.count("<mark") == 2


def test_crossing_findings_are_cut_and_anchored_once():
    _, whole = read_back("abcdef", [], [row(0, 4, "grant"), row(2, 6, "place")])
    assert whole.found == {"grant-1": "abcd", "place-1": "cdef"}
    assert whole.ids == ["f-grant-1", "f-place-1"]


def test_findings_of_one_stretch_both_have_an_anchor():
    _, whole = read_back("12 tập thể", [], [row(0, 10, "grant"), row(0, 10, "figure")])
    assert sorted(whole.ids) == ["f-figure-1", "f-grant-1"]


def test_a_finding_over_two_paragraphs_is_marked_in_both():
    readers, whole = read_back("ab\ncd", [], [row(1, 4)])
    assert [r.found["figure-1"] for r in readers] == ["b", "c"]
    assert whole.ids == ["f-figure-1"]


@pytest.mark.parametrize("span", [(-1, 2), (2, 2), (3, 1), (0, 99)])
def test_offsets_outside_the_body_mark_nothing(span):
    assert marks.mark_body("abc", [], [row(*span)]) == ["abc"]


def test_text_is_never_markup():
    (html,) = marks.mark_body(HOSTILE, [], [row(2, 20)])
    assert Reader(str(html)).text == HOSTILE


KINDS = ["person", "position", "figure"]
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(KINDS)), max_size=8)


@given(body=st.text(alphabet="ab<>&\"' ấ\n", min_size=1, max_size=40), spans=SPANS, cut=st.integers(0, 40))
def test_any_spans_over_any_text(body, spans, cut):
    sentences = [row(s, e, number=n) for n, (s, e) in enumerate([(0, cut), (cut, len(body))])]
    findings = [row(s, e, kind, n) for n, (s, e, kind) in enumerate(spans)]
    _, whole = read_back(body, sentences, findings)
    assert whole.text == body.replace("\n", "")
    for finding in findings:
        start, end = finding["start"], finding["end"]
        words = body[start:end].replace("\n", "") if start < end <= len(body) else ""
        assert whole.found.get(f"{finding['kind']}-{finding['id']}", "") == words
