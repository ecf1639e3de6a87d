"""stub"""

from pathlib import Path


def write(report: Path, done, goals, failed, pages, against) -> None:
    report.mkdir(parents=True, exist_ok=True)
    for n, p in pages.items():
        (report / f"{n}.html").write_bytes(p.read_bytes())
