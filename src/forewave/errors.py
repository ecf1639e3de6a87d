"""What forewave raises for people to read. Bad data inside a room is not an error: see Dropped.

ForewaveError
+-- ConfigError        a setting: names file, key and what was expected
+-- FormatError        a file or message that cannot be read: names it and why
+-- ModelError         a model or table asked for that does not exist
+-- InputError         an argument of the Python API: names it and what was expected
"""


class ForewaveError(Exception):
    """One clear line for a person, shown without a traceback by the command line."""


class ConfigError(ForewaveError):
    """A setting is unknown, missing, or of the wrong kind or unit."""


class FormatError(ForewaveError):
    """A file or a message is not what it should be."""


class ModelError(ForewaveError):
    """A card that is not in its table."""


class InputError(ForewaveError, ValueError):
    """An argument of the Python API is empty, out of range, or of the wrong kind."""
