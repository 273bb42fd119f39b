"""Sends for others with exchangelib and Python's smtplib, and looks into mailboxes with exchangelib; a line of JSON a question.

Environment: EWS_URL, SUBMISSION_PORT, CA_FILE (PEM of the authority to trust), PASSWORD (everybody's).
Standard input: {"do": "send_ews" | "send_smtp" | "look", ...}; each line is answered by one: {"is": ...} or {"error": ..., "where": ...}.
"""
import json
import os
import smtplib
import ssl
import sys
import traceback
import warnings
from email.message import EmailMessage
from functools import lru_cache

os.environ["REQUESTS_CA_BUNDLE"] = os.environ["CA_FILE"]

from exchangelib import DELEGATE, Account, Configuration, Credentials, EWSTimeZone, Mailbox, Message  # noqa: E402

warnings.simplefilter("ignore")
PASSWORD = os.environ["PASSWORD"]


@lru_cache(maxsize=None)
def connect(user, mailbox):
    config = Configuration(service_endpoint=os.environ["EWS_URL"], credentials=Credentials(user, PASSWORD), auth_type="basic")
    return Account(mailbox, config=config, autodiscover=False, access_type=DELEGATE, default_timezone=EWSTimeZone("UTC"))


def send_ews(user, author, to, subject):
    account = connect(user, user)
    Message(
        account=account,
        folder=account.sent,
        author=Mailbox(email_address=author),
        to_recipients=[Mailbox(email_address=to)],
        subject=subject,
        body="What was agreed.",
    ).send_and_save()


def send_smtp(user, author, to, subject):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = author, to, subject
    message.set_content("What was agreed.")
    with smtplib.SMTP("127.0.0.1", int(os.environ["SUBMISSION_PORT"])) as server:
        context = ssl.create_default_context(cafile=os.environ["CA_FILE"])
        context.check_hostname = False
        server.starttls(context=context)
        server.login(user, PASSWORD)
        server.send_message(message, from_addr=user, to_addrs=[to])


def look(user, mailbox, folder, subject):
    """The messages of the subject in a folder of a mailbox that the user may open."""
    account = connect(user, mailbox)
    known = {"sentitems": account.sent, "inbox": account.inbox}
    found = (known.get(folder) or account.msg_folder_root / folder).filter(subject=subject)
    return [{"from": address(item.author), "sender": address(item.sender), "isRead": item.is_read} for item in found]


def address(person):
    return (person.email_address or "").lower() if person else ""


DOES = {function.__name__: function for function in (send_ews, send_smtp, look)}

for line in sys.stdin:
    question = json.loads(line)
    try:
        report = {"is": DOES[question.pop("do")](**question)}
    except Exception as error:  # noqa: BLE001 - every kind of failure is the answer
        report = {"error": f"{type(error).__name__}: {error}"[:1500], "where": traceback.format_exc()[-2500:]}
    print(json.dumps(report), flush=True)
