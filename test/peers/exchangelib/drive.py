"""Drives an Isthmus site with exchangelib, step by step; arguments name the steps wanted (none = all).

Each step prints one line of JSON: {"step": ..., "ok": true} or {"step": ..., "ok": false, "error": ...}.
A failed step does not stop those that need nothing from it.
"""
import json
import sys
import time
import traceback
from importlib import import_module

from world import STEPS

# A module for each noun; its steps run in the order in which they stand there.
for noun in (
    "sign_in",
    "folders",
    "public_folders",
    "mail",
    "recovery",
    "search",
    "calendar",
    "meetings",
    "people",
    "tasks_and_posts",
    "settings",
    "notifications",
    "transfer",
    "access",
    "archive",
):
    import_module(f"steps.{noun}")


def main():
    only = sys.argv[1:]
    failed = False
    for function in STEPS:
        if only and function.__name__ not in only and function.__name__ != "sign_in":
            continue
        begun = time.monotonic()
        report = {"step": function.__name__, "ok": True}
        try:
            function()
        except Exception as error:  # noqa: BLE001 - every kind of failure is this step's result
            failed = True
            report.update(ok=False, error=f"{type(error).__name__}: {error}"[:1500], where=traceback.format_exc()[-2500:])
        report["seconds"] = round(time.monotonic() - begun, 2)
        print(json.dumps(report), flush=True)
    return 1 if failed else 0


sys.exit(main())
