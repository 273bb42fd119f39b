"""Mail by Camel, as Evolution's mailer uses it."""
import ctypes
import os

import account
from desk import EWS_URL, PASSWORD, PERSON, SITE, Camel, EDataServer, GObject, until, verb

Camel.init(os.environ["HOME"], False)


class Session(Camel.Session):
    """Camel asks its session for passwords and for the registry where the account's source is."""

    __gtype_name__ = "DeskSession"
    registry = GObject.Property(type=EDataServer.SourceRegistry)

    def do_authenticate_sync(self, service, mechanism, cancellable):
        service.set_password(PASSWORD)
        return service.authenticate_sync(mechanism, cancellable) == Camel.AuthenticationResult.ACCEPTED


class FolderInfo(ctypes.Structure):
    """CamelFolderInfo, whose links Python's bindings give as bare addresses."""


FolderInfo._fields_ = [
    *((name, ctypes.POINTER(FolderInfo)) for name in ("next", "parent", "child")),
    *((name, ctypes.c_char_p) for name in ("full_name", "display_name")),
    *((name, ctypes.c_int32) for name in ("flags", "unread", "total")),
]


class Mail:
    """The open store and transport, and what the folders have told."""


mail = Mail()


def service(kind):
    found = mail.session.add_service("mail", "ews", kind) if kind == Camel.ProviderType.STORE else mail.session.add_service("post", "ews", kind)
    settings = found.ref_settings().props
    settings.hosturl, settings.email, settings.user, settings.host, settings.port = EWS_URL, PERSON, PERSON, SITE.hostname, SITE.port
    settings.auth_mechanism = "PLAIN"
    if kind == Camel.ProviderType.STORE:
        settings.listen_notifications = settings.check_all = True
    found.connect_sync(None)
    return found


def opened(name):
    return mail.store.get_folder_sync(name, 0, None)


def fresh(name):
    found = opened(name)
    found.refresh_info_sync(None)
    return found


camel = ctypes.CDLL("libcamel-1.2.so.64")


class Pointers(ctypes.Structure):
    """GPtrArray."""

    _fields_ = [("data", ctypes.POINTER(ctypes.c_char_p)), ("length", ctypes.c_uint)]


for name in ("camel_folder_get_uids", "camel_folder_search_by_expression"):
    getattr(camel, name).restype = ctypes.POINTER(Pointers)


def uids_of(found, expression=None):
    """All uids, or those that a search finds. Python's bindings free these strings, which are Camel's: hence its C functions."""
    folder, failure = ctypes.c_void_p(hash(found)), ctypes.c_void_p()
    if expression is None:
        array, free = camel.camel_folder_get_uids(folder), camel.camel_folder_free_uids
    else:
        array = camel.camel_folder_search_by_expression(folder, expression.encode(), None, ctypes.byref(failure))
        free = camel.camel_folder_search_free
    assert array, f"no answer to {expression}"
    uids = [array.contents.data[index].decode() for index in range(array.contents.length)]
    free(folder, array)
    return uids


def subject_of(found, uid):
    return found.get_message_info(uid).get_subject()


def uid_of(found, subject):
    return next((uid for uid in uids_of(found) if subject_of(found, uid) == subject), None)


def arrived(name, subject):
    """The folder and the message's uid, once it is there."""
    found = opened(name)

    def look():
        found.refresh_info_sync(None)
        return uid_of(found, subject)

    return found, until(f"{subject!r} in {name}", look)


def octets(found, uid):
    """The message as it came, before Camel takes it apart."""
    found.get_message_sync(uid, None)
    with open(found.get_filename(uid), "rb") as file:
        return file.read()


def message(text):
    parsed = Camel.MimeMessage.new()
    parsed.construct_from_stream_sync(Camel.StreamMem.new_with_buffer(text.encode()), None)
    return parsed


@verb
def mail_open():
    mail.session = Session(user_data_dir=os.environ["XDG_DATA_HOME"] + "/mail", user_cache_dir=os.environ["XDG_CACHE_HOME"] + "/mail")
    mail.session.props.registry = account.registry
    mail.session.set_online(True)
    mail.store = service(Camel.ProviderType.STORE)
    mail.transport = service(Camel.ProviderType.TRANSPORT)
    return mail.store.get_connection_status().value_nick


@verb
def mail_folders():
    """Every folder's path."""
    top = mail.store.get_folder_info_sync(None, Camel.StoreGetFolderInfoFlags.RECURSIVE | Camel.StoreGetFolderInfoFlags.REFRESH, None)
    found = []

    def walk(one):
        while one:
            info = one.contents
            found.append(info.full_name.decode())
            walk(info.child)
            one = info.next

    walk(ctypes.cast(hash(top), ctypes.POINTER(FolderInfo)))
    return found


@verb
def mail_counts(folder):
    found = fresh(folder)
    return {"total": found.get_message_count(), "unread": found.get_unread_message_count()}


@verb
def mail_read(folder, subject):
    found, uid = arrived(folder, subject)
    info = found.get_message_info(uid)
    flags = info.get_flags()
    return {
        "source": octets(found, uid).decode("latin-1"),
        "from": info.get_from(),
        "to": info.get_to(),
        "seen": bool(flags & Camel.MessageFlags.SEEN),
        "flagged": bool(flags & Camel.MessageFlags.FLAGGED),
        "attachments": bool(flags & Camel.MessageFlags.ATTACHMENTS),
    }


@verb
def mail_flag(folder, subject, on=(), off=(), label=None):
    """Sets and clears flags by their names, and a label, and writes them to the server."""
    found, uid = arrived(folder, subject)
    info = found.get_message_info(uid)
    for names, value in ((on, True), (off, False)):
        for name in names:
            bit = getattr(Camel.MessageFlags, name)
            info.set_flags(bit, bit if value else 0)
    if label:
        info.set_user_flag(label, True)
    found.synchronize_sync(False, None)


@verb
def mail_follow_up(folder, subject, due=None, done=None):
    """Flags a message for follow-up, as "Mark for follow-up" does, or marks that as done."""
    found, uid = arrived(folder, subject)
    info = found.get_message_info(uid)
    info.set_user_tag("follow-up", "Follow-Up")
    if due:
        info.set_user_tag("due-by", due)
    if done:
        info.set_user_tag("completed-on", done)
    found.synchronize_sync(False, None)


@verb
def mail_send(source, to):
    sender, recipients = Camel.InternetAddress.new(), Camel.InternetAddress.new()
    sender.add("", PERSON)
    for address in to:
        recipients.add("", address)
    sent = message(source)
    _, saved = mail.transport.send_to_sync(sent, sender, recipients, None)
    if not saved:
        # The mailer files the copy itself.
        opened("Sent Items").append_message_sync(sent, read(Camel.MessageInfo.new(None)), None)


def read(info):
    info.set_flags(Camel.MessageFlags.SEEN, Camel.MessageFlags.SEEN)
    return info


@verb
def mail_append(folder, source):
    opened(folder).append_message_sync(message(source), Camel.MessageInfo.new(None), None)


@verb
def mail_transfer(source, target, subject, move):
    found, uid = arrived(source, subject)
    found.transfer_messages_to_sync([uid], opened(target), move, None)
    return uid_of(fresh(source), subject) is not None


@verb
def mail_delete(folder, subject):
    found, uid = arrived(folder, subject)
    found.set_message_flags(uid, Camel.MessageFlags.DELETED, Camel.MessageFlags.DELETED)
    found.synchronize_sync(True, None)
    return uid_of(fresh(folder), subject) is not None


@verb
def mail_subjects(folder):
    found = fresh(folder)
    return sorted(subject_of(found, uid) for uid in uids_of(found))


@verb
def mail_search(folder, expression):
    """The subjects of the messages that fit a search expression of Evolution's search bar."""
    found = fresh(folder)
    return sorted(subject_of(found, uid) for uid in uids_of(found, expression))


@verb
def mail_make_folder(parent, name):
    return mail.store.create_folder_sync(parent, name, None).full_name is not None


@verb
def mail_rename_folder(old, new):
    mail.store.rename_folder_sync(old, new, None)


@verb
def mail_remove_folder(name):
    mail.store.delete_folder_sync(name, None)


@verb
def mail_heard(folder, subject):
    """Waits for a message without asking for it: the server must tell."""
    found = opened(folder)
    until(f"news of {subject!r}", lambda: uid_of(found, subject), 30)
    return True
