"""Without bytecode a program takes twice as long to start, and the tests start hundreds of programs."""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
