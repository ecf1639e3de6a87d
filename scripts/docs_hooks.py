"""What mkdocs does with the documents of this repository: the hooks that mkdocs.yml names.

The navigation is the list in docs/index.md, so there is one list only. Documents at the top of the
repository are pages too; links between them and docs/ lead to these pages. A link to anything else
outside docs/ leads to the public repository, where mkdocs.yml names one, or else is plain text.
"""

import os
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
TOP = ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "CODE_OF_CONDUCT.md")
SECTION = re.compile(r"^## (.+)$")
ENTRY = re.compile(r"^- \[([^\]]+)\]\(([^)#]+)\)")
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Take the navigation from docs/index.md."""
    config.nav = navigation((DOCS / "index.md").read_text("utf-8"))
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the documents at the top of the repository."""
    for name in TOP:
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Make links between documents lead to their pages."""
    return relinked(markdown, page.file.src_uri, config.repo_url)


def navigation(index: str) -> list[Any]:
    """Sections and entries, as mkdocs wants them. Decisions bear the titles of their pages."""
    nav: list[Any] = [{"Start": [{"Overview": "index.md"}]}]
    entries = nav[0]["Start"]
    for line in index.splitlines():
        if section := SECTION.match(line):
            entries = []
            nav.append({section[1]: entries})
        elif entry := ENTRY.match(line):
            title, target = entry[1], entry[2].removeprefix("../")
            entries.append(target if title.isdecimal() else {title: target})
    return nav


def relinked(markdown: str, source: str, repository: str | None = None) -> str:
    """A page's text with links that hold within the site. source: the page's name in it."""
    home = ROOT if source in TOP else (DOCS / source).parent

    def link(found: re.Match[str]) -> str:
        image, text, target = found.groups()
        path, _, anchor = target.partition("#")
        if not path or ":" in path:
            return found[0]
        file = (home / path).resolve()
        to = _in_site(file)
        if to is not None:
            near = os.path.relpath(to, Path(source).parent)
            return f"{image}[{text}]({near}{'#' + anchor if anchor else ''})"
        if repository and file.exists():
            return f"[{text}]({repository.rstrip('/')}/blob/main/{file.relative_to(ROOT)})"
        return text

    return LINK.sub(link, markdown)


def _in_site(file: Path) -> str | None:
    """The name in the site of a file of the repository, if it has one."""
    if file.parent == ROOT and file.name in TOP:
        return file.name
    if file == ROOT / "README.md" or file == DOCS:
        return "index.md"
    if file.is_dir() and DOCS in file.parents:
        return "index.md"
    return file.relative_to(DOCS).as_posix() if DOCS in file.parents else None
