"""Make the pictures of the chat that the README shows, from a real demo in a real browser: `make pictures`.

Starts `vernissage demo` on the bundled model, lets a guest of hidden taste vote in Ada's private chat, and takes the
chat page as a phone of 390 px and as a wide window, light and dark: `chat.png`, `chat-dark.png`, `group.png`,
`phone-*.png`, and the generations one after the other as `evolution.webp`, which moves. Needs a Chromium (apt install
chromium, or CHROMIUM).

    python -m benchmarks.chat_pictures --out docs/pictures
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from sandbox.client import SandboxClient

ADA, SALON = 1001, -2001
GENERATIONS = 4
# As wide as a phone, and so high that an album and its buttons are seen at once.
_PHONE, _SHORT, _WIDE = (390, 1230), (390, 844), (1400, 1000)
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = ("--no-sandbox", "--headless=new", "--disable-gpu", "--disable-dev-shm-usage")
_PATIENCE_MS = 120_000
_PACE_S = 0.4
# How long a picture of the moving one stands, and the last of them, in milliseconds.
_STANDS_MS, _LAST_STANDS_MS = 1100, 2600


def find_chromium() -> str:
    """Return the path of a Chromium.

    Raises:
        SystemExit: there is none; says what to install.
    """
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if found is None:
        raise SystemExit("no Chromium here: install one (apt install chromium), or name it in CHROMIUM")
    return found


@asynccontextmanager
async def demo() -> AsyncIterator[str]:
    """Run the demo, and give its page's address."""
    command = (sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None, "asked for above"  # noqa: S101 - our own bug
        async for line in process.stdout:
            if line.startswith(b"ready: "):
                break
        else:
            raise SystemExit("the demo did not start; its own words stand above")
        yield line.split()[1].decode()
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def window(browser: Browser, size: tuple[int, int], scheme: Literal["light", "dark"]) -> Page:
    """Open a window of that size and those colours."""
    page = await browser.new_page(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, device_scale_factor=2
    )
    page.set_default_timeout(_PATIENCE_MS)
    return page


async def shot(page: Page) -> Image.Image:
    """Take the window at the end of its chat, once what moves has come to rest."""
    await page.locator("#scroller").evaluate("node => node.scrollTo(0, node.scrollHeight)")
    await page.wait_for_timeout(900)
    return Image.open(io.BytesIO(await page.screenshot())).convert("RGB")


def save(picture: Image.Image, file: Path) -> None:
    """Write a PNG of few colours: the page has large flat parts, and the README is read on phones too."""
    picture.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(file, optimize=True)


async def begin(page: Page, people: SandboxClient, chat: int, style: str) -> None:
    """Say /start, choose a style, and wait for the first album."""
    bot = (await people.state())["bot"]["username"]
    await people.say(chat, ADA, "/start" if chat == ADA else f"/start@{bot}")
    await page.locator(".inline-button", has_text=style).last.click()
    await generation(page, 1)


async def generation(page: Page, number: int) -> None:
    """Wait until the album of that generation and its buttons are there: not its card, nor the closed one before."""
    title = re.compile(rf"Generation {number}(?![:\d ])")
    message = page.locator("article", has_text=title).filter(has=page.get_by_role("button", name="Next generation"))
    await expect(message.last).to_be_visible()


async def evolve(page: Page, people: SandboxClient, chat: int) -> list[Image.Image]:
    """Let guests vote through the generations; return two pictures of each: as it came, and voted on."""
    taken = []
    for number in range(1, GENERATIONS + 1):
        await generation(page, number)
        taken.append(await shot(page))
        await people.wait_for(chat, lambda messages: any("keyboard" in message for message in messages))
        await page.wait_for_timeout(int(_PACE_S * 12_000))
        taken.append(await shot(page))
        if number < GENERATIONS:
            await page.locator(".inline-button", has_text="Next generation").last.click()
            yes = page.locator(".inline-button", has_text="Yes").last
            if await yes.is_visible():
                await yes.click()
    return taken


def save_moving(pictures: list[Image.Image], file: Path) -> None:
    """Write pictures of one size as one that moves, at half of a phone's pixels."""
    frames = [picture.resize(_PHONE, Image.Resampling.LANCZOS) for picture in pictures]
    stands = [_STANDS_MS] * (len(frames) - 1) + [_LAST_STANDS_MS]
    frames[0].save(file, save_all=True, append_images=frames[1:], duration=stands, loop=0, quality=72, method=6)


async def together(browser: Browser, url: str, people: SandboxClient, out: Path) -> None:
    """Go on in the group on a phone: its settings, the question before an early close, the painting, a poll."""
    phone = await window(browser, _SHORT, "light")
    await phone.goto(f"{url}/#person={ADA}&chat={SALON}")
    bot = (await people.state())["bot"]["username"]
    await people.say(SALON, ADA, f"/settings@{bot}")
    await press(phone, "Time limit")
    save(await shot(phone), out / "phone-setting.png")
    await press(phone, "60 min")
    await press(phone, "Voting")
    await press(phone, "poll")
    save(await shot(phone), out / "phone-settings.png")
    await press(phone, "Next generation")
    await expect(phone.locator(".inline-button", has_text="Yes, next generation").last).to_be_visible()
    save(await shot(phone), out / "phone-sure.png")
    await press(phone, "Yes, next generation")
    await expect(phone.locator(".words", has_text="Painting generation").last).to_be_visible()
    save(await shot(phone), out / "phone-painting.png")
    await generation(phone, 2)
    tall = await window(browser, _PHONE, "light")
    await tall.goto(f"{url}/#person={ADA}&chat={SALON}")
    await expect(tall.locator(".words", has_text="Choose what you like in the poll").last).to_be_visible()
    save(await shot(tall), out / "phone-poll.png")


async def press(page: Page, words: str) -> None:
    """Press the newest button that says this, and let its answer come."""
    await page.locator(".inline-button", has_text=words).last.click()
    await page.wait_for_timeout(1200)


async def run(out: Path, style: str) -> None:
    """Play the demo and take all pictures."""
    chromium = find_chromium()
    expect.set_options(timeout=_PATIENCE_MS)
    async with demo() as url, SandboxClient(url) as people, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(_ARGUMENTS))
        phone = await window(browser, _PHONE, "light")
        await phone.goto(f"{url}/#person={ADA}&chat={ADA}")
        await people.invite_guests(ADA, ADA, pace_s=_PACE_S, seed=4)
        await begin(phone, people, ADA, style)
        moving = await evolve(phone, people, ADA)
        save_moving(moving, out / "evolution.webp")
        save(moving[1], out / "chat.png")
        dark = await window(browser, _PHONE, "dark")
        await dark.goto(f"{url}/#person={ADA}&chat={ADA}")
        save(await shot(dark), out / "chat-dark.png")
        await people.invite_guests(SALON, ADA, count=2, pace_s=_PACE_S, seed=1)
        wide = await window(browser, _WIDE, "light")
        await wide.goto(f"{url}/#person={ADA}&chat={SALON}")
        await begin(wide, people, SALON, style)
        await wide.wait_for_timeout(int(_PACE_S * 12_000))
        save(await shot(wide), out / "group.png")
        await wide.close()
        await together(browser, url, people, out)
        await browser.close()


def main() -> None:
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"), help="folder of the pictures")
    parser.add_argument("--style", default="Kandinsky", help="the style that is chosen, by a part of its title")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    asyncio.run(run(arguments.out, arguments.style))


if __name__ == "__main__":
    main()
