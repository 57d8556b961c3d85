"""Word documents as small as Word takes them, written by hand."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types '
    'xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def run(text: str) -> str:
    return f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    """Return a paragraph of these runs, as Word cuts them up."""
    return f"<w:p>{''.join(map(run, runs))}</w:p>"


def table(*rows: list[str]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(each)}</w:tc>" for each in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def document(*body: str, **parts: str) -> bytes:
    """Return a document of these paragraphs and tables; further parts by name under word/."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELS)
        package.writestr("word/document.xml", part("document", f"<w:body>{''.join(body)}</w:body>"))
        for name, told in parts.items():
            package.writestr(f"word/{name}.xml", told)
    return content.getvalue()


def part(name: str, inner: str) -> str:
    """Return a part with what Word needs kept: a namespace that only an attribute names."""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{name} xmlns:w="{W}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14">'
        f"{inner}</w:{name}>"
    )


def body_of(content: bytes, name: str = "document") -> str:
    with ZipFile(BytesIO(content)) as package:
        assert package.testzip() is None
        return package.read(f"word/{name}.xml").decode()
