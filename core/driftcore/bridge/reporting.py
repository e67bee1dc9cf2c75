"""The bridge's log lines.  None of them can harm a caller, whatever its handlers and filters do."""

from __future__ import annotations

import logging

logger = logging.getLogger("driftcore.bridge")

_reported: dict[str, object] = {}


def say(level: int, message: str, *arguments: object) -> None:
    """Log a line.  Raises no `Exception`: a filter or handler that does has lost the line."""
    try:
        logger.log(level, message, *arguments)
    except Exception:
        return


def say_first(topic: str, message: str, *arguments: object) -> None:
    """Log a line: a warning when nothing was said about this topic yet, debug from then on."""
    say(logging.WARNING if first_report(topic) else logging.DEBUG, message, *arguments)


def first_report(topic: str) -> bool:
    """True if nothing was said about this topic yet; from now on it was."""
    mark = object()
    return _reported.setdefault(topic, mark) is mark


def say_asked(level: int, line: str) -> None:
    """Log a line that the program itself asked for, so that it is also seen where logging was never set up.

    A level that the program chose holds.  Python's own default, warnings alone, is no choice: it holds
    back nothing here, and without any handler the line goes where a warning would, to stderr.
    """
    try:
        if not logger.isEnabledFor(level) and not _stands_at_pythons_default(level):
            return
        record = logger.makeRecord(logger.name, level, __file__, 0, line, (), None)
        if logger.hasHandlers():
            logger.handle(record)
        elif logging.lastResort is not None:
            logging.lastResort.handle(record)
    except Exception:
        return


def _stands_at_pythons_default(level: int) -> bool:
    chosen = any(logging.getLogger(name).level for name in ("driftcore", "driftcore.bridge"))
    return not chosen and logging.root.level == logging.WARNING and logging.root.manager.disable < level
