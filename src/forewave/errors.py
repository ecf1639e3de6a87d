"""Exceptions of forewave. Bad data inside a room is not an exception: see types.Dropped.

ForewaveError
+-- ConfigError        a setting: names file, key and what was expected
+-- FormatError        a file or message that cannot be read: names it and why
+-- ModelError         a model or table asked for that does not exist
+-- InputError         an argument of the Python API: names it and what was expected
"""


class ForewaveError(Exception):
    """Base class. The text is one line, which the command line shows without a traceback."""


class ConfigError(ForewaveError):
    """A setting is unknown, missing, or of the wrong kind or unit."""


class FormatError(ForewaveError):
    """A file or a message cannot be read."""


class ModelError(ForewaveError):
    """A model, relation or table name does not exist."""


class InputError(ForewaveError, ValueError):
    """An argument of the Python API is empty, out of range, or of the wrong kind."""
