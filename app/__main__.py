"""`keskus`: where every command starts, with modules that load without being looked through for garbage.

There is none among them, and looking over and over takes a third of the time that the service needs to start. What has
been loaded stays, so no later collection looks at it either, while calls wait.
"""

import gc

gc.disable()

from app.cli.commands import app  # noqa: E402


def main() -> None:
    """Run a command."""
    gc.freeze()
    gc.enable()
    app()


if __name__ == "__main__":
    main()
