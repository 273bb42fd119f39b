"""Evolution's own libraries (evolution-data-server and Camel with evolution-ews) under orders: one JSON line in, one out.

{"verb": "mail_send", "with": {...}} is answered by {"ok": ...} or {"error": ..., "where": ...}. Verbs run one after another in a
thread; the main loop beside them hears the signals of the session bus. Ends when its input does.
"""
import json
import sys
import threading
import traceback
from importlib import import_module

from desk import LOOP, VERBS, GLib

for noun in ("account", "mail", "calendar", "contacts", "settings"):
    import_module(noun)


def obey():
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {"ok": VERBS[order["verb"]](**order.get("with", {}))}
        except Exception as error:  # noqa: BLE001 - whatever went wrong is the answer
            answer = {"error": f"{type(error).__name__}: {error}"[:1500], "where": traceback.format_exc()[-2500:]}
        print(json.dumps(answer), flush=True)
    GLib.idle_add(LOOP.quit)


threading.Thread(target=obey, daemon=True).start()
LOOP.run()
