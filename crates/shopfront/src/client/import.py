"""Imports a module and tells how it went, in one line of JSON on what was the standard output."""

import json
import os
import signal
import sys

# Whoever started this may have been killed: then nobody else ends it.
if hasattr(signal, "alarm"):
    signal.alarm(int(sys.argv[3]) + 5)

# What the module writes goes elsewhere.
answer = os.dup(1)
os.dup2(2, 1)


def tell(**said):
    os.write(answer, (json.dumps(said) + "\n").encode())
    os._exit(0)


def where(fault, name):
    """The last place of the traceback that is in the module, or else the last of all."""
    import traceback

    places = [frame for frame in traceback.extract_tb(fault.__traceback__) if not frame.filename.startswith("<")]
    root = name.split(".")[0]
    own = [frame for frame in places if root in frame.filename.replace("\\", "/").replace(".py", "").split("/")]
    last = (own or places or [None])[-1]
    return f"{os.path.basename(os.path.dirname(last.filename))}/{os.path.basename(last.filename)}:{last.lineno}" if last else ""


name, must_bind = sys.argv[1], sys.argv[2]
try:
    import importlib

    module = importlib.import_module(name)
    if must_bind and not hasattr(module, must_bind):
        tell(kind="", message=f"the module does not bind `{must_bind}`", place="")
    if must_bind and not callable(getattr(module, must_bind)):
        tell(kind="", message=f"`{must_bind}` of the module can not be called", place="")
except BaseException as fault:
    try:
        message = str(fault).strip()
    except BaseException:
        message = ""
    tell(kind=type(fault).__name__, message=message[-2000:].split("\n")[-1], place=where(fault, name))
tell(kind=None)
