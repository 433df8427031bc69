"""How editors write: one part of a body, a whole body and the byline at its foot, in the HTML of ten hands."""

from html import escape

from markupsafe import Markup


def write_part(style: str, role: str, text: str, number: int) -> str:
    """Return one part of a body as the hand of an editor leaves it."""
    safe = escape(text, quote=False)
    picture = f'<img src="/anh/{number}.jpg" alt="{escape(text)}" />'
    if style == "vc":
        return {
            "p": f"<p>{safe}</p>",
            "heading": f"<h3>{safe}</h3>",
            "item": f"<ul><li>{safe}</li></ul>",
            "caption": f'<figure class="VCSortableInPreviewMode" type="Photo"><div>{picture}</div><figcaption class='
            f'"PhotoCMS_Caption"><p data-placeholder="Nhập chú thích ảnh">{safe}</p></figcaption></figure>',
        }[role]
    if style == "word":
        middle = '<p class="MsoNormal" align="center">'
        p = f'<p class="MsoNormal"><span style="font-size: 14pt;">{safe}<o:p></o:p></span></p>'
        return {
            "p": p,
            "item": p,
            "heading": f'<p class="MsoNormal"><b><span lang="NL">{safe}</span></b></p>',
            "caption": f"{middle}{picture}</p>{middle}<i>{safe}</i></p>",
        }[role]
    if style == "div":
        return {
            "p": f'<div align="justify">{safe}</div>',
            "item": f'<div align="justify">{safe}</div>',
            "heading": f'<div align="justify"><strong>{safe}</strong></div>',
            "caption": f'<table class="ImageCenter" align="center"><tbody><tr><td>{picture}</td></tr>'
            f'<tr><td class="Caption"><i>{safe}</i></td></tr></tbody></table>',
        }[role]
    if style == "br":
        return {
            "p": f"{safe}<br /><br />",
            "item": f"{safe}<br />",
            "heading": f"<b>{safe}</b><br /><br />",
            "caption": f"<center>{picture}<br /><i>{safe}</i></center>",
        }[role]
    if style == "mso":
        span = '<span lang="VI" style="font-size:14.0pt;font-family:&quot;Times New Roman&quot;,&quot;serif&quot;">'
        p = f'<p class="MsoNormal" style="text-align:justify;text-indent:36.0pt">{span}{safe}<o:p></o:p></span></p>'
        return {
            "p": p,
            "item": f'<p class="MsoListParagraph" style="mso-list:l0 level1">{span}{safe}<o:p></o:p></span></p>',
            "heading": f'<p class="MsoNormal"><b style="mso-x:0">{span}{safe}<o:p></o:p></span></b></p>',
            "caption": f'<p class="MsoNormal" style="text-align:center">{span}{picture}<o:p></o:p></span></p>'
            f'<p class="MsoNormal" style="text-align:center"><i>{span}{safe}<o:p></o:p></span></i></p>'
            '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>',
        }[role]
    if style == "ext":
        return {
            "p": f'<div class="ExternalClassA1"><p style="text-align:justify">\u200b{safe}</p></div>',
            "item": f'<p style="text-align:justify">{safe}</p>',
            "heading": f"<p><strong>{safe}\u200b</strong></p>",
            "caption": f'<p style="text-align:center">{picture}<br/><em>{safe}</em></p>',
        }[role]
    if style == "blogger":
        return {
            "p": f'<div style="text-align: justify;">{safe}</div><div style="text-align: justify;"><br /></div>',
            "item": f"<ul><li>{safe}</li></ul>",
            "heading": f"<h3>{safe}</h3>",
            "caption": f'<table class="tr-caption-container"><tbody><tr><td style="text-align: center;">{picture}'
            f'</td></tr><tr><td class="tr-caption" style="text-align: center;">{safe}</td></tr></tbody></table><br />',
        }[role]
    if style == "amp":
        return {
            "p": f"<p>{safe}</p>",
            "item": f"<ul><li>{safe}</li></ul>",
            "heading": f"<p><strong>{safe}</strong></p>",
            "caption": f'<figure><amp-img src="/anh/{number}.jpg" width="600" height="400" layout="responsive" '
            f'alt="{escape(text)}"></amp-img><figcaption>{safe}</figcaption></figure>',
        }[role]
    if style == "pic":
        return {
            "p": f"<p>{safe}</p>",
            "item": f"<ul><li>{safe}</li></ul>",
            "heading": f"<h2>{safe}</h2>",
            "caption": f'<table class="picture" align="center"><tbody><tr><td class="pic">{picture}</td></tr>'
            f'<tr><td class="caption"><p>{safe}</p></td></tr></tbody></table>',
        }[role]
    return {
        "p": f'<p style="text-align: justify;">{safe}</p>',
        "heading": f"<h3>{safe}</h3>",
        "item": f"<ul><li>{safe}</li></ul>",
        "caption": f'<figure class="image">{picture}<figcaption>{safe}</figcaption></figure>',
    }[role]


def write_body(style: str, parts: tuple[tuple[str, str], ...], number: int) -> Markup:
    """Return the HTML of a body; table rows that follow each other make one table."""
    pieces: list[str] = []
    for at, (role, text) in enumerate(parts):
        if role != "row":
            pieces.append(write_part(style, role, text, number + at))
            continue
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in text.split(" | "))
        if at == 0 or parts[at - 1][0] != "row":
            pieces.append('<table border="1" style="width:100%"><tbody>')
        pieces.append(f"<tr>{cells}</tr>")
        if at + 1 == len(parts) or parts[at + 1][0] != "row":
            pieces.append("</tbody></table>")
    return Markup("\n".join(pieces).replace("</ul>\n<ul>", "\n"))


def write_byline(kind: str, author: str) -> tuple[Markup, str | None, str | None]:
    """Return the byline at the foot of a body, and the author and source it names."""
    initials = "".join(word[0] for word in author.split())
    right = '<p style="text-align: right;"><strong>{}</strong></p>'
    return {
        "sign": (Markup(right).format(author), author, None),
        "label": (Markup(right).format(f"Tin, ảnh: {author}"), author, None),
        "initials": (Markup(right).format(".".join(initials)), ".".join(initials), None),
        "theo": (Markup("<p align=right><i>(Theo Báo Người thợ)</i></p>"), None, "Báo Người thợ"),
        "source": (Markup("<p><em>Nguồn: LĐLĐ tỉnh Sông Lam</em></p>"), None, "LĐLĐ tỉnh Sông Lam"),
    }.get(kind, (Markup(""), author, None))
