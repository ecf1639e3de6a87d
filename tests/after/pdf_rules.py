"""Rules of PDF/UA-1 (ISO 14289-1) that a program can check, after those of veraPDF.

Only what can go wrong in a document of ours is here: veraPDF has some hundred rules more.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader

UA_PART = re.compile(rb"<pdfuaid:part>1</pdfuaid:part>")


def faults(content: bytes) -> list[str]:
    """What is wrong, in words; nothing if all rules hold."""
    reader = PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    found = [
        *(["no title"] if not (reader.metadata and reader.metadata.title) else []),
        *(["no language"] if not root.get("/Lang") else []),
        *(["not tagged"] if not root.get("/MarkInfo", {}).get("/Marked") else []),
        *(["no structure"] if "/StructTreeRoot" not in root else []),
        *(
            ["the title is not shown"]
            if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")
            else []
        ),
        *([] if UA_PART.search(root["/Metadata"].get_object().get_data()) else ["not marked UA-1"]),
        *_pages(reader),
    ]
    return found + (_structure(root) if "/StructTreeRoot" in root else [])


def _pages(reader: PdfReader) -> Iterator[str]:
    for number, page in enumerate(reader.pages, 1):
        if "/StructParents" not in page:
            yield f"page {number} is in no structure"
        fonts = page["/Resources"].get("/Font", {})  # type: ignore[union-attr,index]
        for name, font in fonts.items():
            if "/ToUnicode" not in font.get_object():
                yield f"page {number}: font {name} has no Unicode"
        content = page.get_contents()
        data = content.get_data() if content is not None else b""
        if data.count(b"BDC") + data.count(b"BMC") != data.count(b"EMC"):
            yield f"page {number}: marked content is not closed"


def elements(root: Any) -> Iterator[Any]:
    """The elements of the structure, in reading order."""

    def walk(item: Any) -> Iterator[Any]:
        item = item.get_object() if hasattr(item, "get_object") else item
        if isinstance(item, list):
            for each in item:
                yield from walk(each)
        elif isinstance(item, dict) and "/S" in item:
            yield item
            yield from walk(item.get("/K", []))

    yield from walk(root["/StructTreeRoot"]["/K"])


def _structure(root: Any) -> list[str]:
    found, level = [], 0
    for element in elements(root):
        kind = element["/S"]
        if kind == "/Figure" and not str(element.get("/Alt", "")).strip():
            found.append("a figure without alternative text")
        if kind == "/TH" and "/Scope" not in str(element.get("/A")):
            found.append("a table header without scope")
        if heading := re.fullmatch(r"/H([1-6])", kind):
            if int(heading[1]) > level + 1:
                found.append(f"heading {kind} after level {level}")
            level = int(heading[1])
        if kind == "/Table" and not _has_header(element):
            found.append("a table without headers")
    return found


def _has_header(table: Any) -> bool:
    return "/THead" in [
        child.get_object().get("/S") for child in table["/K"] if hasattr(child, "get_object")
    ]
