"""`/api/admin/rebuild`: the owner's door, shut unless there is a token."""

import hashlib
import hmac
from dataclasses import asdict, dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from qa.rebuild import Rebuild
from qa.web import problems
from qa.web.api.examples import documented
from qa.web.api.routes import as_json
from qa.web.engine import Serving
from qa.web.problems import Problem
from qa.web.security import REBUILD
from qa.web.sub_path import root_of

_CHALLENGE = 'Bearer realm="citewell"'


@dataclass(frozen=True, slots=True)
class Admin:
    """Who may rebuild, and what does it."""

    token: str = field(repr=False)
    rebuild: Rebuild

    def knows(self, token: str) -> bool:
        """Whether it is the token; how long that takes tells nothing of it."""
        return hmac.compare_digest(_digest(token), _digest(self.token))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def admin_routes(live: Serving, admin: Admin) -> APIRouter:
    """`POST` begins a rebuild, `GET` tells how it stands."""
    router = APIRouter()

    @router.post(REBUILD, status_code=202, **documented("rebuild", 202))
    def rebuild(request: Request) -> Response:
        """Build the knowledge base anew from its sources.

        Returns at once. What serves goes on serving until the new generation is whole and loaded;
        where that fails it stays. Needs the server's `admin_token` in the header `Authorization`.
        """
        _check(request, admin)
        if not admin.rebuild.start("admin"):
            told = "a rebuild is running; GET this address to see how far it is"
            raise Problem(problems.RUNNING, told)
        reply = as_json(_state(live, admin.rebuild))
        reply.status_code = 202
        reply.headers["Location"] = f"{root_of(request.scope)}{REBUILD}"
        return reply

    @router.get(REBUILD, **documented("rebuild_state"))
    def state(request: Request) -> Response:
        """See how a rebuild stands, and what the last one came to.

        Needs the server's `admin_token` in the header `Authorization`.
        """
        _check(request, admin)
        return as_json(_state(live, admin.rebuild))

    return router


def _check(request: Request, admin: Admin) -> None:
    """Raise Problem for whoever may not."""
    if request.url.query:  # addresses are logged on their way, and kept by browsers
        told = "this address takes no parameters; send the token in the header Authorization"
        raise Problem(problems.BAD_REQUEST, told)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        told = "send the server's admin_token as Authorization: Bearer …"
        raise Problem(problems.UNAUTHORIZED, told, {"WWW-Authenticate": _CHALLENGE})
    if not admin.knows(token.strip()):
        challenge = f'{_CHALLENGE}, error="invalid_token"'
        raise Problem(problems.UNAUTHORIZED, "wrong token", {"WWW-Authenticate": challenge})


def _state(live: Serving, rebuild: Rebuild) -> dict[str, Any]:
    state, trouble, knowledge = rebuild.state, live.trouble, live.current.engine.knowledge
    return {
        "state": "running" if state.running else "idle",
        "done": state.done,
        "total": state.total,
        "last": asdict(state.last) if state.last else None,
        "generation": knowledge.generation,
        "built": knowledge.built,
        "trouble": trouble.detail if trouble else "",
    }
