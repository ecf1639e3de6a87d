"""The description of a service: as WADL for programs, and as text for people."""

from collections.abc import Sequence
from typing import Any

from forewave.archive.web_services.parameters import Table
from forewave.archive.web_services.refusal import VERSION

WADL = "http://wadl.dev.java.net/2009/02"
XS = "http://www.w3.org/2001/XMLSchema"


def wadl(base: str, known: Table, media: Sequence[str], more: Sequence[str], post: bool) -> bytes:
    """base: address of the service, with a slash at its end. media: types of its answers.

    more: its resources beside query and version. post: whether query takes POST.
    """
    from lxml import etree  # type: ignore[import-untyped]

    root = etree.Element("application", nsmap={None: WADL, "xs": XS})
    resources = etree.SubElement(root, "resources", base=base)
    query = etree.SubElement(resources, "resource", path="query")
    get = etree.SubElement(query, "method", name="GET", id="query")
    request = etree.SubElement(get, "request")
    for each in known.values():
        default = {} if each.default is None else {"default": _word(each.default)}
        names = {"name": each.name, "style": "query", "type": each.kind, **default}
        param = etree.SubElement(request, "param", names)
        etree.SubElement(param, "doc", title=each.about)
        for option in each.options:
            etree.SubElement(param, "option", value=option)
    _answers(etree, get, media)
    if post:
        method = etree.SubElement(query, "method", name="POST", id="postQuery")
        sent = etree.SubElement(method, "request")
        etree.SubElement(sent, "representation", mediaType="text/plain")
        _answers(etree, method, media)
    for path, kind in [("version", "text/plain"), *((name, "application/xml") for name in more)]:
        resource = etree.SubElement(resources, "resource", path=path)
        _answers(etree, etree.SubElement(resource, "method", name="GET", id=path), [kind])
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


def about(service: str, base: str, known: Table) -> str:
    """The parameters, one a line."""
    lines = [
        f"FDSN web service {service}, version {VERSION}, of forewave.",
        "",
        f"{base}query?PARAMETER=VALUE&...",
        f"{base}version",
        f"{base}application.wadl",
        "",
        "Parameters, with their short names:",
        "",
    ]
    for each in known.values():
        short = f" ({each.short})" if each.short else ""
        options = f": {', '.join(each.options)}" if each.options else ""
        default = f"; default {_word(each.default)}" if each.default is not None else ""
        lines.append(f"  {each.name}{short}: {each.about}{options}{default}")
    return "\n".join(lines) + "\n"


def _answers(etree: Any, method: Any, media: Sequence[str]) -> None:
    response = etree.SubElement(method, "response", status="200")
    for kind in media:
        etree.SubElement(response, "representation", mediaType=kind)
    none = etree.SubElement(method, "response", status="204 400 404 413 429 503")
    etree.SubElement(none, "representation", mediaType="text/plain")


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
