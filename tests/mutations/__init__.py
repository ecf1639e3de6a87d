"""Mutation tests: do the tests nearest to a line notice when it is wrong?

    python -m tests.mutations [--room NAME] [--only ID] [--workers N]

`rooms/*.toml` list plausible single-line defects (a wrong sign, a missing `not`, a wrong unit).
Each is planted alone in a copy of the tree, and the tests nearest to its file must fail.
"""
