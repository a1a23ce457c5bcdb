"""uvicorn, set up for this service: bounded, without its own idea of proxies, of signals and of what is logged."""

import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from app.serving.connections import Connections
from app.serving.protocol import BoundedConfig

WS_PING_S = 10.0
"""A desktop that does not answer a ping for so long is gone."""


class Server(uvicorn.Server):
    """uvicorn, whose signals are the house's to take."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none."""
        yield


def make_server(app: FastAPI, register: Connections) -> Server:
    """The server; give its `serve` a listening socket."""
    logging.getLogger("uvicorn.error").setLevel(
        logging.ERROR
    )  # the rest anybody can cause, as often as they like
    return Server(
        BoundedConfig(
            app,
            register=register,
            log_config=None,
            access_log=False,  # paths carry call ids and searches
            lifespan="off",
            proxy_headers=False,  # `app.api.forwarded` believes named proxies alone
            timeout_keep_alive=3600,  # ours is shorter, and begins anew for no line end
            ws_ping_interval=WS_PING_S,
            ws_ping_timeout=WS_PING_S,
            ws_max_size=1024,  # bytes; desktops have nothing to say there
            timeout_graceful_shutdown=1,
            server_header=False,
        )
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Args:
        port: 0 takes a free one.

    Raises:
        OSError: the address is taken, or is not ours.
    """
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
