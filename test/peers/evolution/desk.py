"""What the verbs share: who signs in, the list that `@verb` makes, waiting.

Environment: EWS_URL, PERSON (address), PASSWORD, and the HOME and XDG directories of one person's desk.
"""
import os
import signal
import threading
import time
from urllib.parse import urlparse

import gi

for name, version in (("Camel", "1.2"), ("EDataServer", "1.2"), ("ECal", "2.0"), ("ICalGLib", "3.0"), ("EBook", "1.2")):
    gi.require_version(name, version)

from gi.repository import Camel, EBook, EBookContacts, ECal, EDataServer, Gio, GLib, GObject, ICalGLib  # noqa: E402, F401

LOOP = GLib.MainLoop()
VERBS = {}
PERSON, PASSWORD, EWS_URL = os.environ["PERSON"], os.environ["PASSWORD"], os.environ["EWS_URL"]
SITE = urlparse(EWS_URL)


def verb(function):
    VERBS[function.__name__] = function
    return function


def until(what, ask, seconds=15, pause=0.05):
    """Asks until the answer is truthy: the factories of the session bus work in their own time."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(pause)


def kill_owner(name):
    """Kills the process that owns a name on the bus; the next call starts it again."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    arguments = GLib.Variant("(s)", (name,))
    answer = bus.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus", "GetConnectionUnixProcessID", arguments, None, 0, -1, None)
    os.kill(answer.unpack()[0], signal.SIGKILL)


def opened_by(name, connect, attempts=10, seconds=4):
    """Opens something of a factory. Evolution-EWS 3.46 may wait for ever for the end of a thread that it tells to quit before it
    runs (e_ews_connection_dispose), when its first sign-in has no password yet: such a factory is started anew."""
    for _ in range(attempts):
        patience = Gio.Cancellable()
        timer = threading.Timer(seconds, patience.cancel)
        timer.start()
        try:
            return connect(patience)
        except GLib.Error as error:
            # Just after a kill the old owner may still be known.
            if not patience.is_cancelled() and not error.matches(Gio.dbus_error_quark(), Gio.DBusError.SERVICE_UNKNOWN):
                raise
            if patience.is_cancelled():
                kill_owner(name)
            time.sleep(0.2)
        finally:
            timer.cancel()
    raise AssertionError(f"{name} hangs")
