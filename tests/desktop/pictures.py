"""Pictures of the desktop for the manual: one state of a page in each language, small enough for the repository."""

import base64
from pathlib import Path
from typing import Final

from playwright.async_api import Page, expect

LANGUAGES: Final = ("et", "en", "ru")
DARK: Final = frozenset({"floor", "heat-map"})
"""What is drawn in dark colours, too."""
_QUALITY: Final = 0.82
_WEBP: Final = """
async ([png, quality]) => {
  const picture = new Image();
  picture.src = `data:image/png;base64,${png}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}
"""


async def draw(page: Page, folder: Path, name: str) -> None:
    """Draw the page as it is now: `NAME-LANGUAGE.webp`, and `NAME-LANGUAGE-dark.webp`.

    The page's state stays: it follows the language that is chosen in another tab.
    """
    before = await page.locator("html").get_attribute("lang")
    assert before is not None
    other, plain = await page.context.new_page(), await page.context.new_page()
    await other.goto(f"{'/'.join(page.url.split('/')[:3])}/healthz")
    await page.bring_to_front()
    for language in LANGUAGES:
        await _speak(page, other, language)
        for scheme, ending in (("light", ""), ("dark", "-dark")):
            if scheme == "dark" and name not in DARK:
                continue
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await expect(page.locator(f"html[data-mantine-color-scheme={scheme}]")).to_be_attached()
            png = base64.b64encode(await page.screenshot(animations="disabled")).decode()
            webp = await plain.evaluate(_WEBP, [png, _QUALITY])
            (folder / f"{name}-{language}{ending}.webp").write_bytes(base64.b64decode(webp))
    await _speak(page, other, before)
    await other.close()
    await plain.close()


async def _speak(page: Page, other: Page, language: str) -> None:
    """Have the page speak a language, with its letters and all that is asked for in it."""
    await other.evaluate("(language) => localStorage.setItem('keskus.language', language)", language)
    await expect(page.locator(f"html[lang={language}]")).to_be_attached()
    await page.evaluate("document.fonts.ready.then(() => null)")
    await expect(page.locator("[class*=Skeleton-root]")).to_have_count(0)
