"""A server of the test's own process, on a free port and real sockets."""

from aiohttp import web

from server.listening import BACKLOG
from server.settings import Settings
from server.web.app import App, runner_of


class Served:
    """A running server; `url` is its origin."""

    def __init__(self, app: App, runner: web.AppRunner, site: web.BaseSite, port: int) -> None:
        self.app = app
        self.url = f"http://127.0.0.1:{port}"
        self._runner = runner
        self._site = site

    async def stop(self) -> None:
        """Take nobody in, say goodbye to everyone and stop; a second call does nothing."""
        if self._site in self._runner.sites:
            await self._site.stop()
        await self.app.say_goodbye()
        await self._runner.cleanup()
        await self.app.stop()


async def serve(settings: Settings, redis_url: str, port: int = 0) -> Served:
    """Start a server on a port of 127.0.0.1, a free one unless told."""
    app = App(settings, redis_url)
    runner = runner_of(await app.start(), 1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port, backlog=BACKLOG)
    await site.start()
    return Served(app, runner, site, runner.addresses[0][1])
