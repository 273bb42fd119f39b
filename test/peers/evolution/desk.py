"""What the verbs share: who signs in, the list that `@verb` makes, waiting.

Environment: EWS_URL, PERSON (address), PASSWORD, and the HOME and XDG directories of one person's desk.
"""
import os
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


def until(what, ask, seconds=15):
    """Asks until the answer is truthy: the factories of the session bus work in their own time."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.05)
