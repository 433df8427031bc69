"""Properties of quantities: every integer reads back to itself, neighbours change nothing, no text raises."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from quantity_doc import read_quantities

from nlp.layers import findings
from nlp.numbers import parse_number

SCALES = {"nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
INTEGERS = st.integers(0, 10**15 - 1)
# Each with its offsets in itself, its value, its upper value and its unit.
SENTENCES = [
    ("Công đoàn có 2.496 sáng kiến được công nhận.", "2.496 sáng kiến", 2496, None, "sáng kiến"),
    ("Quỹ đã hỗ trợ gần 6 tỷ đồng.", "6 tỷ đồng", 6 * 10**9, None, "đồng"),
    ("Mỗi suất từ 1-3 triệu đồng.", "1-3 triệu đồng", 10**6, 3 * 10**6, "đồng"),
    ("Tỷ lệ đạt 34,8%.", "34,8%", 34.8, None, "%"),
    ("Có hai mươi tập thể được khen.", "hai mươi tập thể", 20, None, "tập thể"),
]
# Letters, marks and words that mean something to some rule.
PIECES = st.lists(
    st.sampled_from(
        ["25", "2.496", "1,5", "3/4", "8/12", "năm", "tỷ", "triệu", "đồng", "%", "từ", "đến", "-", "–", "hơn", "gần",
         "số", "thứ", "ngày", "tháng", "2020", "“", "”", '"', "(", ")", ",", ".", ";", ":", "\n", " ", "tập thể",
         "sáng kiến", "Công đoàn", "là", "$", "USD", "/", "một", "hàng", "mỗi", "suất", "Quyết định số", "QĐ-TLĐ"]
    ),
    max_size=25,
)  # fmt: skip
ANYTHING = st.text(max_size=60) | PIECES.map(" ".join) | PIECES.map("".join)


def figures(text):
    return findings(read_quantities(text), "figures")


@given(INTEGERS, st.sampled_from(sorted(SCALES)))
def test_integer_as_a_decimal_of_a_scale(number, scale):
    whole, rest = divmod(number, SCALES[scale])
    decimals = str(rest).rjust(len(str(SCALES[scale])) - 1, "0").rstrip("0")
    written = f"{whole:,}".replace(",", ".") + (f",{decimals}" if decimals else "") + f" {scale}"
    if number:
        assert parse_number(written) == number


@given(st.integers(1, 10**12 - 1), st.sampled_from(["nghìn", "ngàn"]), st.sampled_from(["tỷ", "tỉ"]))
def test_integer_in_chained_scales(thousands, thousand, billion):
    parts, rest = [], thousands * 1000
    for name, scale in ((billion, 10**9), ("triệu", 10**6), (thousand, 10**3)):
        count, rest = divmod(rest, scale)
        if count:
            parts.append(f"{count} {name}")
    assert parse_number(" ".join(parts)) == thousands * 1000


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SENTENCES), ANYTHING, ANYTHING)
@example(SENTENCES[0], "5-", "")
@example(SENTENCES[2], "“", "”")
def test_neighbours_change_neither_value_nor_offsets(sentence, before, after):
    text, written, value, high, unit = sentence
    before, after = (part.replace("\r", " ") for part in (before, after))
    at = len(before) + 1 + text.index(written)
    found = [(f.start, f.text, f.value, f.value_high, f.unit) for f in figures(f"{before}\n{text}\n{after}")]
    assert (at, written, value, high, unit) in found


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_no_text_raises(text):
    doc = read_quantities(text)
    for reader in ("dates", "documents", "figures"):
        for found in findings(doc, reader):
            assert text[found.start : found.end] == found.text
            assert found.text
