"""A part of the account beside the report, such as what it says in other languages.

Each part is a page of its own, has a short form in the report and the PDF, and files to take away.
"""

from msgspec import Struct

from forewave.after.documents.document import Document, Section


class Part(Struct, frozen=True):
    """A part.

    name: in the list of pages. file: of its page. page: the document. short: sections of the
    report, and of the first pages of the PDF. annex: sections for the end of the PDF. files: by
    name, with what is in them (`about`); they stand in the list of files. figures: what people
    compare between versions. told: what a person should know first, such as rows that were refused.
    """

    name: str
    file: str
    page: Document
    short: tuple[Section, ...] = ()
    annex: tuple[Section, ...] = ()
    files: dict[str, bytes] = {}
    about: dict[str, str] = {}
    figures: dict[str, str] = {}
    told: tuple[str, ...] = ()
