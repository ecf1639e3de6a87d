"""Collects what a report needs from the messages of the rooms, in their order."""

from forewave.evaluate.scoring.playback import IssuedAlert, forecasts_of
from forewave.types import Alert, Forecast, Message, Pick, ShakingForecast, Solution


class Collector:
    """Takes every output of the rooms (`on_word`), and keeps picks, solutions and alerts.

    last: the last forecast of each place, by event.
    """

    def __init__(self) -> None:
        self.picks: list[tuple[float, Pick]] = []
        self.solutions: list[tuple[float, Solution]] = []
        self.alerts: list[IssuedAlert] = []
        self._shaking: dict[str, ShakingForecast] = {}

    def on_word(self, now: float, word: Message) -> None:
        """Take one output, and its time."""
        match word:
            case Pick():
                self.picks.append((now, word))
            case Solution():
                self.solutions.append((now, word))
            case ShakingForecast():
                self._shaking[word.solution.event] = word
            case Alert():
                shaking = self._shaking.get(word.event)
                self.alerts.append(IssuedAlert(now, word, forecasts_of(word, shaking)))

    @property
    def last(self) -> dict[str, dict[str, Forecast]]:
        """The last forecast of each place, by event."""
        return {
            event: {forecast.place: forecast for forecast in shaking.forecasts}
            for event, shaking in self._shaking.items()
        }
