"""What scripts that answer line by line with exchangelib have in common.

Environment: CA_FILE (PEM of the authorities to trust), PASSWORD (everybody's).
Standard input: {"do": the name of a function, ...its arguments}; each line is answered by one: {"is": ...} or {"error": ..., "where": ...}.
"""
import json
import os
import sys
import traceback
import warnings
from functools import lru_cache

os.environ["REQUESTS_CA_BUNDLE"] = os.environ["CA_FILE"]

from exchangelib import DELEGATE, Account, Configuration, Credentials, EWSTimeZone  # noqa: E402

warnings.simplefilter("ignore")


@lru_cache(maxsize=None)
def connect(url, user, mailbox=None):
    """The user's own mailbox, or another that is open to them."""
    config = Configuration(service_endpoint=url, credentials=Credentials(user, os.environ["PASSWORD"]), auth_type="basic")
    return Account(mailbox or user, config=config, autodiscover=False, access_type=DELEGATE, default_timezone=EWSTimeZone("UTC"))


def answer_lines(*functions):
    """Answers until the input ends."""
    does = {function.__name__: function for function in functions}
    for line in sys.stdin:
        question = json.loads(line)
        try:
            report = {"is": does[question.pop("do")](**question)}
        except Exception as error:  # noqa: BLE001 - every kind of failure is the answer
            report = {"error": f"{type(error).__name__}: {error}"[:1500], "where": traceback.format_exc()[-2500:]}
        print(json.dumps(report), flush=True)
