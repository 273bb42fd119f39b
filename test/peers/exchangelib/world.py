"""What the steps share: the people, how to connect and wait, and the list that `@step` makes.

Environment: EWS_URL, CA_FILE, AUTODISCOVER_PORT, PASSWORD, MARY, ROB, GROUP, ROOM_LIST (addresses), AUTH (`basic` or `NTLM`),
PUBLIC_FOLDERS (not empty: Mary owns their root).
"""
import os
import time
import warnings

os.environ["REQUESTS_CA_BUNDLE"] = os.environ["CA_FILE"]

from exchangelib import DELEGATE, Account, Configuration, Credentials, EWSTimeZone, Message  # noqa: E402

warnings.simplefilter("ignore")
PASSWORD = os.environ["PASSWORD"]
MARY, ROB = os.environ["MARY"], os.environ["ROB"]
UTC = EWSTimeZone("UTC")
VIENNA = EWSTimeZone("Europe/Vienna")
STEPS = []


def step(function):
    STEPS.append(function)
    return function


def connect(address):
    credentials = Credentials(address, PASSWORD)
    config = Configuration(service_endpoint=os.environ["EWS_URL"], credentials=credentials)
    return Account(address, config=config, autodiscover=False, access_type=DELEGATE, default_timezone=UTC)


def until(what, ask, seconds=15):
    """Asks until the answer is truthy: mail between two mailboxes takes a moment."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        time.sleep(0.1)


def equal(got, wanted, what=""):
    assert got == wanted, f"{what}: got {got!r}, wanted {wanted!r}"


def arrived(account, subject, kind=Message):
    def ask():
        return [item for item in account.inbox.filter(subject=subject) if isinstance(item, kind)]

    return until(f"{kind.__name__} {subject!r} in the inbox of {account.primary_smtp_address}", ask)[0]


class World:
    """What the steps share."""


world = World()
