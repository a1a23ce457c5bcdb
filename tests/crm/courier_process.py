"""Delivers webhooks until it is killed: `python -m tests.crm.courier_process URL`."""

import asyncio
import sys

from app.crm.webhooks.courier import Courier
from app.records.engine import open_engine
from app.system.clock import utc_now
from app.system.networks import read_networks

if __name__ == "__main__":
    engine = open_engine(sys.argv[1])
    asyncio.run(Courier(engine, utc_now, networks=read_networks(["127.0.0.0/8"])).run())
