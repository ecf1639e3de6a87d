"""Cancellation of tasks that call libraries."""

import asyncio


def end_where_cancelled() -> None:
    """Raise CancelledError in a task that is being cancelled. Called in each round of a loop.

    A library may turn a cancellation into an error of its own, and a wait with a time limit may
    lose it (asyncio.wait_for of Python 3.11, where the awaited thing ends at the same time): a loop
    would then go on for ever.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
