"""stub"""

import click


@click.command("all")
def main() -> None: ...
