"""The part of the client that turns what stands outside the chats: clock, faults, flood limits, privacy mode."""

from typing import Any

from sandbox.client.line import Line
from sandbox.client.shapes import Fault


class House:
    """The sandbox's clock, faults and switches."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def advance(self, seconds: float) -> str:
        """Move the clock on; return the new moment."""
        now: str = (await self._line.ask("POST", "/api/clock", {"advance_s": seconds}))["now"]
        return now

    async def set_privacy(self, is_on: bool) -> None:
        """Switch the bot's privacy mode."""
        await self._line.ask("POST", "/api/bot", {"privacy": is_on})

    async def set_flood_limits(self, are_on: bool) -> None:
        """Switch the flood limits."""
        await self._line.ask("POST", "/api/bot", {"flood_limits": are_on})

    async def add_fault(self, kind: str, **fields: Any) -> Fault:
        """Switch a fault on; the README tells the kinds and fields."""
        fault: Fault = await self._line.ask("POST", "/api/faults", {"kind": kind, **fields})
        return fault

    async def faults(self) -> list[Fault]:
        """List the faults that are switched on."""
        faults: list[Fault] = await self._line.ask("GET", "/api/faults")
        return faults

    async def remove_fault(self, fault: int) -> None:
        """Switch a fault off."""
        await self._line.ask("DELETE", f"/api/faults/{fault}")

    async def clear_faults(self) -> None:
        """Switch all faults off."""
        await self._line.ask("DELETE", "/api/faults")

    async def recording(self) -> str:
        """Return the session so far as JSON lines, for `python -m sandbox replay`."""
        async with self._line.http.get(f"{self._line.url}/api/recording") as answer:
            return await answer.text()
