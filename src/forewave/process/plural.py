"""Numbers with their noun, for logs and the terminal."""


def counted(number: int, noun: str) -> str:
    """ "1 station", "2 stations". noun: one whose plural ends in s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
