"""uvicorn, set up for this service: with limits, and without its own handling of proxies, signals and logs."""

import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from app.serving.connections import Connections
from app.serving.protocol import BoundedConfig

WS_PING_S = 10.0
"""Seconds between pings to a desktop; one that does not answer for as long is gone."""


class Server(uvicorn.Server):
    """uvicorn without signal handlers: the service handles signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install no signal handler."""
        yield


def make_server(app: FastAPI, register: Connections) -> Server:
    """Make the server; its `serve` takes a listening socket."""
    logging.getLogger("uvicorn.error").setLevel(
        logging.ERROR
    )  # any client can cause the lesser messages, at will
    return Server(
        BoundedConfig(
            app,
            register=register,
            log_config=None,
            access_log=False,  # paths carry call ids and searches
            lifespan="off",
            proxy_headers=False,  # `app.api.forwarded` believes named proxies alone
            timeout_keep_alive=3600,  # `KEEP_ALIVE_S` ends it sooner, and stray line ends do not prolong it
            ws_ping_interval=WS_PING_S,
            ws_ping_timeout=WS_PING_S,
            ws_max_size=1024,  # bytes; desktops send no messages there
            timeout_graceful_shutdown=1,
            server_header=False,
        )
    )


def listen(host: str, port: int) -> socket.socket:
    """Open a listening TCP socket.

    Args:
        host: an IPv4 or IPv6 address of this machine.
        port: its TCP port; 0 takes a free one.

    Raises:
        OSError: the address is in use, or is not this machine's.
    """
    return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
