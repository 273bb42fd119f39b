"""The account as its assistant would write it, signing in, and what Evolution finds under it."""
import os

from desk import EWS_URL, PASSWORD, PERSON, SITE, EDataServer, Gio, GLib, kill_owner, until, verb

ACCOUNT = f"""[Data Source]
DisplayName=Work
Enabled=true
Parent=

[Authentication]
Host={SITE.hostname}
Port={SITE.port}
Method=PLAIN
User={PERSON}

[Collection]
BackendName=ews
CalendarEnabled=true
ContactsEnabled=true
MailEnabled=true
Identity={PERSON}

[Ews Backend]
Hosturl={EWS_URL}
Email={PERSON}
AuthMechanism=PLAIN
CheckAll=true
ListenNotifications=true
"""
MAIL = f"""[Data Source]
DisplayName=Work mail
Enabled=true
Parent=work

[Mail Account]
BackendName=ews
IdentityUid=identity

[Mail Identity]
Address={PERSON}
"""
AWAITS = EDataServer.SourceConnectionStatus.AWAITING_CREDENTIALS
# What the person answers when asked for the password: the right one, once `sign_in` says so.
said = {"password": "", "asked": [], "trusted": False}
registry = None


def required(_, source, reason, certificate, errors, failure):
    """Evolution's dialogs: the certificate is looked at and taken, the password is typed."""
    said["asked"].append(reason.value_nick)
    if reason == EDataServer.SourceCredentialsReason.SSL_FAILED:
        trust = source.get_extension("WebDAV Backend")
        trust.update_ssl_trust(SITE.hostname, Gio.TlsCertificate.new_from_pem(certificate, -1), EDataServer.TrustPromptResponse.ACCEPT)
        source.write_sync(None)
        said["trusted"] = True
    elif reason == EDataServer.SourceCredentialsReason.REJECTED and said["password"] != PASSWORD:
        return
    type_password(source)


def type_password(source):
    typed = EDataServer.NamedParameters.new()
    typed.set("username", PERSON)
    typed.set("password", said["password"])
    source.invoke_authenticate(typed, None, None)


def awaits(source):
    return source.get_connection_status() == AWAITS


def open_registry():
    """In the main loop's thread, so that no signal comes before somebody listens."""
    global registry
    registry = EDataServer.SourceRegistry.new_sync(None)
    registry.connect("credentials-required", required)


def asked_before():
    """What the account asked before anybody listened."""
    work = registry and registry.ref_source("work")
    if work and not said["asked"] and awaits(work):
        _, reason, certificate, errors, failure = work.get_last_credentials_required_arguments_sync(None)
        required(registry, work, reason, certificate, errors, failure)


def refused():
    asked_before()
    return "rejected" in said["asked"]


def sources():
    return [source for source in registry.list_sources(None) if source.get_parent() == "work"]


def source_of(name):
    """The source of one folder, as the sidebar shows it."""
    return until(f"a source called {name}", lambda: next((one for one in sources() if one.get_display_name() == name), None))


@verb
def refuse():
    """Signs in with a wrong password: Evolution would ask again."""
    folder = os.environ["XDG_CONFIG_HOME"] + "/evolution/sources"
    os.makedirs(folder)
    for name, text in (("work", ACCOUNT), ("mail", MAIL)):
        with open(f"{folder}/{name}.source", "w") as file:
            file.write(text)
    said["password"] = "wrong"
    for attempt in range(5):
        GLib.idle_add(open_registry)
        try:
            until("the password refused", refused, 6)
            break
        except AssertionError:
            # As in `opened_by`: the account's backend hangs before it asks.
            if said["asked"] or attempt == 4:
                raise
            kill_owner("org.gnome.evolution.dataserver.Sources5")
    return {"asked": said["asked"], "sources": [source.get_display_name() for source in sources()]}


@verb
def sign_in(folders):
    """Types the right password; the names of the sources once all of the folders are among them."""
    said["password"] = PASSWORD
    said["asked"].clear()
    work = registry.ref_source("work")
    type_password(work)

    def found():
        return sorted(source.get_display_name() for source in sources())

    def complete():
        # An answer that comes while another sign-in is under way is lost or ends it; the dialog stays, and the person types again.
        status = work.get_connection_status()
        if status in (AWAITS, EDataServer.SourceConnectionStatus.DISCONNECTED):
            type_password(work)
        return status == EDataServer.SourceConnectionStatus.CONNECTED and set(folders) <= set(found())

    until("the folders' sources, connected", complete, pause=0.3)
    return {"sources": found(), "status": work.get_connection_status().value_nick, "trusted": said["trusted"]}
