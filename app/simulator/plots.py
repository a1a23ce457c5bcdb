"""Plots of simulated days: utilisation, abandon rates and waits over the day, as SVG or PNG."""

from collections.abc import Callable, Mapping, Sequence
from math import ceil
from pathlib import Path

from app.simulator.day_figures import Part, together

KINDS = (".svg", ".png")
_COLOURS = ("#1f6fb4", "#d1662a", "#3b8f4e")


class PlotsMissing(RuntimeError):  # noqa: N818 - it reads as what it says
    """The library that draws is not installed."""


def draw(days: Mapping[str, Sequence[Sequence[Part]]], path: Path, *, begins: float, part_s: float) -> None:
    """Draw several variants of a day into one file.

    Args:
        days: by the variant's title, for each seed the parts of the day.
        path: ends in `.svg` or `.png`.
        begins: the hour at which the day begins.
        part_s: seconds of one part.

    Raises:
        PlotsMissing: matplotlib is not installed.
        OSError: the file cannot be written.
    """
    try:
        from matplotlib import rc_context  # noqa: PLC0415 - it is optional, and slow to load
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as error:
        raise PlotsMissing(
            "pictures need matplotlib: pip install 'keskus[plots]', or pip install matplotlib"
        ) from error

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "keskus", "font.size": 9}):
        figure = Figure(figsize=(7.0, 6.0), layout="constrained")
        axes = figure.subplots(3, 1, sharex=True)
        for colour, (title, seeds) in zip(_COLOURS, days.items(), strict=False):
            count = min(map(len, seeds))
            hours = [begins + (n + 0.5) * part_s / 3600.0 for n in range(count)]
            whole = [together([seed[n] for seed in seeds]) for n in range(count)]

            def line(axis: int, what: Callable[[Part], float | None], label: str, style: str = "-") -> None:
                values = [what(part) for part in whole]  # noqa: B023 - called within the turn
                if any(value is not None for value in values):
                    points = [float("nan") if value is None else value for value in values]
                    axes[axis].plot(hours, points, style, color=colour, label=label)  # noqa: B023

            line(0, lambda part: 100.0 * part.utilisation if part.on_duty_s else None, title)
            line(1, _abandoned, f"{title}: called", "-")
            line(1, _lost, f"{title}: callers", "--")
            line(2, lambda part: part.mean_connect_s if part.connects_s else None, f"{title}: called", "-")
            line(2, lambda part: part.mean_wait_s if part.waits_s else None, f"{title}: callers", "--")
        for axis, label in zip(axes, ("utilisation, %", "abandoned, %", "mean wait, s"), strict=True):
            axis.set_ylabel(label)
            axis.set_ylim(bottom=0.0, top=100.0 if axis is axes[0] else None)
            axis.grid(alpha=0.3)
            if axis.get_lines():
                axis.legend(fontsize=7, loc="best")
        axes[2].set_xlabel("hour of the day")
        axes[2].set_xticks(range(int(begins), ceil(axes[2].get_xlim()[1]) + 1))
        kind = path.suffix[1:].lower()
        metadata = {"Date": None} if kind == "svg" else None
        figure.savefig(path, format=kind, dpi=110, metadata=metadata)


def _abandoned(part: Part) -> float | None:
    return 100.0 * part.abandoned_share if part.abandoned or part.connects_s else None


def _lost(part: Part) -> float | None:
    return 100.0 * part.lost_share if part.inbound else None
