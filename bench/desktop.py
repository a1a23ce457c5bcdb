"""The wallboard in Chromium: how long a frame takes with 500 operators and 50 calls a second, beside an idle floor.

The browser draws without a graphics card here, so the figures are what a weak machine would show.
"""

import json
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, Route, sync_playwright

from app.domain.roles import Permission
from app.service.desktop.page import BUILT
from bench.table import Row, print_table
from tests.browser import PLAIN
from tests.provision import chromium_path

OPERATORS = 500
CALLS_A_SECOND = 50
WARM_UP_MS = 8_000
"""Until the first calls have ended, and as many are there as later."""
MEASURED_MS = 15_000
FRAME_MS = 20
URL = "http://localhost/desk"
ME = {
    "id": 1,
    "username": "s",
    "display_name": "Supervisor",
    "role": "supervisor",
    "language": "en",
    "active": True,
    "operator": None,
    "permissions": [one.value for one in Permission],
}
SERVICE = (Path(__file__).parent / "desktop.js").read_text()


def answer(route: Route) -> None:
    """Answer as the service does, from the built files."""
    path = route.request.url.removeprefix(URL).partition("?")[0]
    if path.startswith("/assets/"):
        file = BUILT / path.removeprefix("/")
        route.fulfill(path=file)
    elif "/api/v1/" in route.request.url:
        report = "/api/v1/reports/" in route.request.url
        route.fulfill(json={"lines": []} if report else ME if route.request.url.endswith("/me") else [])
    else:
        route.fulfill(body=(BUILT / "index.html").read_text(), content_type="text/html")


class Frames(NamedTuple):
    """What was measured of frames while the floor was shown, each in order of size."""

    lengths_ms: list[float]
    """From one picture to the next."""
    busy_ms: list[float]
    """What the page's own thread was busy with a frame: scripts, styles, layout. Drawing pixels comes after it."""


def frames(page: Page, operators: int, calls: int) -> Frames:
    """Show the floor, and measure it."""
    asked = json.dumps({"operators": operators, "calls": calls})
    page.add_init_script(f"window.BENCH = {asked};\n{SERVICE}")
    page.route("**/*", answer)
    page.goto(f"{URL}/floor")
    page.wait_for_timeout(WARM_UP_MS)
    page.evaluate("window.frames_ms.length = window.busy_ms.length = 0")
    page.wait_for_timeout(MEASURED_MS)
    lengths, busy = page.evaluate("[window.frames_ms, window.busy_ms]")
    return Frames(sorted(lengths), sorted(busy))


def run() -> list[Row]:
    """Measure the idle floor and the busy one."""
    rows: list[Row] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=PLAIN)
        idle = frames(browser.new_page(viewport={"width": 1920, "height": 1080}), OPERATORS, 0)
        busy = frames(browser.new_page(viewport={"width": 1920, "height": 1080}), OPERATORS, CALLS_A_SECOND)
        browser.close()
    for what, ours_ms, reference_ms in (
        ("frame", busy.lengths_ms, idle.lengths_ms),
        ("page's thread a frame", busy.busy_ms, idle.busy_ms),
    ):
        for share in (0.5, 0.99):
            ours, reference = ours_ms[int(len(ours_ms) * share)], reference_ms[int(len(reference_ms) * share)]
            case = f"{what}, p{share * 100:.0f}, {OPERATORS} operators, {CALLS_A_SECOND} calls/s; idle floor"
            rows.append(
                Row(
                    f"{case}; ratio to {FRAME_MS} ms",
                    f"{ours:.1f} ms",
                    f"{reference:.1f} ms",
                    ours / FRAME_MS,
                    "<= 1" if share == 0.99 else "",
                )
            )
    return rows


def main() -> None:
    """Print the table."""
    print_table("The wallboard", run())


if __name__ == "__main__":
    main()
