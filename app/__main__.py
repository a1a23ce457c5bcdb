"""`keskus`: where every command starts."""

from app.system.loading import loading

with loading():
    from app.cli.commands import app


def main() -> None:
    """Run a command."""
    app()


if __name__ == "__main__":
    main()
