"""Every option of every command refuses what makes no sense, in one line and before any work."""

import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from forewave.cli.listen import Where
from forewave.cli.main import main
from forewave.cli.option_types import (
    BuiltInOrFile,
    Checked,
    Choices,
    DataCentre,
    Number,
    OneOf,
    Region,
    Server,
    Source,
    Speed,
    Target,
    Text,
    Whole,
    Wholes,
)

# Of `run`: a wrong one is a wrong configuration, which systemd is told by exit code 78.
OTHERWISE = {("run", "config")}


def commands(group=main, before=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield (*before, name), command


def parameters():
    return [
        (path, command, param)
        for path, command in commands()
        for param in command.params
        if not getattr(param, "is_flag", False)
    ]


def wrong(kind, folder):
    """Values that the type must refuse. The folder holds a file `file` and a folder `full`."""
    file, full = folder / "file", folder / "full"
    match kind:
        case Number():
            values = [kind.least - 1, kind.most + 1, "nan", "inf", "-inf", "1e999", "word", ""]
            return [*values, kind.least] if kind.above else values
        case Whole():
            return [kind.least - 1, kind.most + 1, 1.5, "nan", "word", "", "9" * 5000]
        case Wholes():
            return [
                kind.one.least - 1,
                f"{kind.one.most},{kind.one.most + 1}",
                "word",
                "",
                "50,,60",
            ]
        case OneOf():
            return ["atlantis", ""]
        case Choices():
            return ["atlantis", "", ","]
        case Speed():
            return [0, -1, "nan", "fast", ""]
        case Text():
            return ["", " "]
        case Where():
            return ["", "1", "1,2,3", "91,0", "0,181", "nan,0", "nan,nan"]
        case Region():
            return ["1,2,3", "5,0,1,2", "0,5,1,2", "a,b,c,d", "nan,0,1,2", "0,0,181,1", ""]
        case Server():
            return [":18000", "host:0", "host:99999", "host:x", "a host", ""]
        case DataCentre():
            return ["atlantis", "ftp://host", "http://", ""]
        case BuiltInOrFile():
            return ["atlantis", full, ""]
        case Source():
            wrong_kind = {"file": [full], "folder": [file], "file or folder": []}
            return [folder / "nowhere", "", *wrong_kind[kind._kind]]
        case Target():
            there = [file, full] if kind._new else [{"file": full, "folder": file}[kind._kind]]
            none = [file / "below-a-file", file / "b" / "c", folder / ("x" * 300), ""]
            return [*none, *there, *(["/proc/x"] if Path("/proc/self").exists() else [])]
    raise AssertionError(f"{kind} has no wrong values here")


def right(kind, folder):
    """A value that the type takes."""
    file, full = folder / "file", folder / "full"
    match kind:
        case Where():
            return "30.66,104.06"
        case Region():
            return "0,0,1,1"
        case DataCentre():
            return "http://127.0.0.1:9"
        case BuiltInOrFile():
            return "sichuan"
        case Source():
            return full if "folder" in kind._kind else file
        case Target():
            return folder / "new" / "one"
        case Number():
            return kind.least
        case Text():
            return "one"
    raise AssertionError(f"{kind} is never required")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "file").write_text("text")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("text")
    return tmp_path


def typed(path, command, param, value, folder):
    """The command with this value, and with all else that it asks for."""
    words = [*path]
    for other in command.params:
        taken = value if other is param else right(other.type, folder) if other.required else None
        if taken is None:
            continue
        is_argument = isinstance(other, click.Argument)
        words += [str(taken)] if is_argument else [f"{other.opts[-1]}={taken}"]
    return words


def of(param):
    return param.metavar if isinstance(param, click.Argument) and param.metavar else param.opts[-1]


@pytest.mark.parametrize(
    ("path", "command", "param"),
    [entry for entry in parameters() if (entry[0][-1], entry[2].name) not in OTHERWISE],
    ids=lambda each: (
        each.name
        if isinstance(each, click.Parameter)
        else "-".join(each)
        if isinstance(each, tuple)
        else ""
    ),
)
def test_a_wrong_value_is_one_line_that_names_option_value_and_what_is_allowed(
    path, command, param, folder, monkeypatch
):
    begun = []
    monkeypatch.setattr(command, "callback", lambda **values: begun.append(values))
    for value in wrong(param.type, folder):
        result = CliRunner().invoke(main, typed(path, command, param, value, folder))
        said = result.stderr
        assert (result.exit_code, said.count("\n"), begun) == (2, 1, []), (value, result.output)
        assert said.startswith("Error: Invalid value for ")
        assert of(param).strip("[]").rstrip(".").upper() in said.upper()
        assert str(value).strip() in said
        assert param.type.expected in said


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_every_option_is_checked(path):
    for where, _, param in parameters():
        if where == path and (path[-1], param.name) not in OTHERWISE:
            assert isinstance(param.type, Checked), param.name


def test_what_is_right_comes_as_what_it_is(folder):
    values = {
        (Number(0, 1), "0.5"): 0.5,
        (Number(0, 1), "1"): 1.0,
        (Whole(0, 65534), "65534"): 65534,
        (Speed(), "max"): float("inf"),
        (Speed(), "2.5"): 2.5,
        (Text("a word"), " iris "): "iris",
        (Region(), "1,2,3,4.5"): (1.0, 2.0, 3.0, 4.5),
        (Server(), "host:18001"): "host:18001",
        (Server(), "host"): "host",
        (DataCentre(), "iris"): "iris",
        (DataCentre(), "https://host/fdsn"): "https://host/fdsn",
        (BuiltInOrFile(), "sichuan"): "sichuan",
        (BuiltInOrFile(), str(folder / "file")): str(folder / "file"),
        (Source("file"), str(folder / "file")): folder / "file",
        (Source("file or folder"), str(folder)): folder,
        (Target("file"), str(folder / "file")): folder / "file",
        (Target("file", new=True), "new.toml"): Path("new.toml"),
        (Target("folder"), str(folder / "full")): folder / "full",
        (Target("folder", new=True), str(folder / "a" / "b")): folder / "a" / "b",
    }
    for (kind, text), value in values.items():
        assert kind.convert(text, None, None) == value


def test_an_empty_folder_is_new(folder):
    (folder / "empty").mkdir()
    assert Target("folder", new=True).convert(folder / "empty", None, None) == folder / "empty"


@pytest.mark.parametrize("kind", [Target("file"), Target("folder"), Source("folder")])
def test_what_nobody_may_use_is_refused(folder, kind, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(click.BadParameter, match="expected"):
        kind.convert(folder / "full", None, None)
