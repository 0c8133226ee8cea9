"""Serving under a path of a site, as in `https://www.example.org/faq/`."""

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class SubPath:
    """ASGI middleware: the rest of the application sees its own addresses, and `root` apart.

    Some proxies take the path off before they pass a request on, others leave it there; both work.
    """

    def __init__(self, app: ASGIApp, root: str) -> None:
        self._app = app
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the path off where it is still there, and say in the scope that there is one."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] == self._root:  # relative links need the slash
            query = scope.get("query_string", b"").decode("latin-1")
            address = f"{self._root}/?{query}" if query else f"{self._root}/"
            await RedirectResponse(address, 308)(scope, receive, send)
            return
        within = scope["path"].startswith(self._root + "/")
        path = scope["path"].removeprefix(self._root) if within else scope["path"]
        scope = {**scope, "root_path": self._root, "path": path}
        await self._app(scope, receive, send)


def root_of(scope: Scope) -> str:
    """The path that the site's addresses begin with; empty where it is served at `/`."""
    root: str = scope.get("root_path", "")
    return root
