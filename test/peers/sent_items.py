"""Sends for others with exchangelib and Python's smtplib, and looks into mailboxes with exchangelib (exchangelib_lines.py).

Environment besides: EWS_URL, SUBMISSION_PORT.
"""
import os
import smtplib
import ssl
from email.message import EmailMessage

from exchangelib_lines import answer_lines, connect

from exchangelib import Mailbox, Message

URL = os.environ["EWS_URL"]


def send_ews(user, author, to, subject):
    account = connect(URL, user)
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
        server.login(user, os.environ["PASSWORD"])
        server.send_message(message, from_addr=user, to_addrs=[to])


def look(user, mailbox, folder, subject):
    """The messages of the subject in a folder of a mailbox that the user may open."""
    account = connect(URL, user, mailbox)
    known = {"sentitems": account.sent, "inbox": account.inbox}
    found = (known.get(folder) or account.msg_folder_root / folder).filter(subject=subject)
    return [{"from": address(item.author), "sender": address(item.sender), "isRead": item.is_read} for item in found]


def address(person):
    return (person.email_address or "").lower() if person else ""


answer_lines(send_ews, send_smtp, look)
