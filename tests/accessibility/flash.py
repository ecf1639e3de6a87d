"""A flash meter: WCAG 2.2, success criterion 2.3.1, for every part of the screen.

The page's clock and its animations are stopped and moved on by hand, so that what is measured does
not depend on the load of the machine. A flash is a pair of opposing changes of relative luminance
by a tenth or more, the darker below 0.80, or of a saturated red, within a second. WCAG allows
three a second, and more on less than a quarter of a field of 10 degrees, a third of the screen each
way; we allow none that is larger.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from PIL import Image

from tests.accessibility.chromium import Chromium

ROWS, COLUMNS = 12, 12
STEP_S = 0.047
"""21 pictures a second, which is no multiple of a usual frequency."""
LEAST = 0.1
DARKER_BELOW = 0.8
RED_SHARE, RED_LEAST = 0.8, 20.0 / 320.0

WATCH = """() => {
  window.changed = true;
  new MutationObserver(() => (window.changed = true)).observe(document, {
    attributes: true, characterData: true, childList: true, subtree: true,
  });
}"""
# Moves every animation on by so much, and returns whether a picture would differ from the last.
STEP = """milliseconds => {
  window.filmed = window.filmed || new Map();
  const animations = document.getAnimations();
  for (const one of animations) {
    const known = window.filmed.has(one);
    const at = known ? window.filmed.get(one) + milliseconds : Number(one.currentTime) || 0;
    one.pause();
    one.currentTime = at;
    window.filmed.set(one, at);
  }
  const seen = (one) => one.getClientRects().length > 0;
  const drawn = [...document.querySelectorAll("canvas, video")].some(seen);
  const changed = window.changed || animations.length > 0 || drawn;
  window.changed = false;
  return changed;
}"""


@dataclass
class Film:
    """Pictures of a page, as grids of linear colours, with their times."""

    window: Chromium
    times: list[float] = field(default_factory=list)
    grids: list[Any] = field(default_factory=list)
    pictures: int = 0

    def begin(self) -> None:
        """Watch the page, whose clock stands."""
        self.window.run(WATCH)

    def run(self, seconds: float) -> None:
        """Let so much of the page's time pass, step by step."""
        start = self.times[-1] + STEP_S if self.times else 0.0
        for n in range(round(seconds / STEP_S)):
            self.window.page.clock.run_for(round(STEP_S * 1000))
            changed = self.window.run(STEP, STEP_S * 1000)
            if changed or not self.grids:
                self.grids.append(grid(self.window.page.screenshot(type="jpeg", quality=80)))
                self.pictures += 1
            else:
                self.grids.append(self.grids[-1])
            self.times.append(start + n * STEP_S)

    def flashes(self) -> int:
        """The most that any part of the screen has within a second."""
        return most_flashes(self.times, self.grids)


def grid(picture: bytes) -> Any:
    """Mean linear colours of its parts: rows x columns x 3, in 0..1."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    values = np.asarray(image.resize((COLUMNS * 8, ROWS * 8), Image.Resampling.BOX)) / 255.0
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return linear.reshape(ROWS, 8, COLUMNS, 8, 3).mean(axis=(1, 3))


def most_flashes(times: list[float], grids: Iterable[Any]) -> int:
    """The most flashes within any second that a quarter of any field has."""
    film = np.stack(list(grids))
    bright = film @ np.array([0.2126, 0.7152, 0.0722])
    counts = np.zeros((ROWS, COLUMNS), int)
    for row, column in np.ndindex(ROWS, COLUMNS):
        general = turns(times, bright[:, row, column])
        red = red_turns(times, film[:, row, column])
        counts[row, column] = max(pairs_within_a_second(general), pairs_within_a_second(red))
    fields = np.lib.stride_tricks.sliding_window_view(counts, (ROWS // 3, COLUMNS // 3))
    by_count = np.sort(fields.reshape(*fields.shape[:2], -1), axis=-1)
    return int(by_count[..., -(by_count.shape[-1] // 4)].max())


def turns(times: list[float], values: Any) -> list[tuple[float, int]]:
    """Changes by a tenth or more from one extreme to the next: (time, +1 or -1)."""
    found: list[tuple[float, int]] = []
    low = high = values[0]
    for time, value in zip(times[1:], values[1:], strict=True):
        low, high = min(low, value), max(high, value)
        for way, reached in ((1, value - low), (-1, high - value)):
            darker = low if way == 1 else value
            if reached < LEAST or darker >= DARKER_BELOW:
                continue
            if not found or found[-1][1] != way:
                found.append((time, way))
            low = high = value
            break
    return found


def red_turns(times: list[float], colours: Any) -> list[tuple[float, int]]:
    """Changes to or from a saturated red."""
    total = colours.sum(axis=1)
    share = np.divide(colours[:, 0], total, out=np.zeros_like(total), where=total > 0)
    amount = np.maximum(0.0, colours[:, 0] - colours[:, 1] - colours[:, 2])
    found = []
    for n in range(1, len(times)):
        saturated = max(share[n - 1], share[n]) >= RED_SHARE
        change = amount[n] - amount[n - 1]
        if saturated and abs(change) > RED_LEAST:
            found.append((times[n], 1 if change > 0 else -1))
    return found


def pairs_within_a_second(changes: list[tuple[float, int]]) -> int:
    """The most pairs of opposing changes in any second."""
    most = 0
    for n, (begin, _) in enumerate(changes):
        inside = [way for time, way in changes[n:] if time - begin < 1.0]
        opposing = sum(a != b for a, b in pairwise(inside))
        most = max(most, (opposing + 1) // 2)
    return most
