import os

from world import MARY, step, world  # first: it says which certificate is trusted

from exchangelib import DELEGATE, Account, Configuration, Credentials
from exchangelib.errors import ErrorItemNotFound


@step
def delegate_access():
    """Rob may not read Mary's inbox; he sees it once she lets him."""
    from exchangelib.errors import ErrorAccessDenied, ErrorFolderNotFound, ErrorItemNotFound, ErrorNonExistentMailbox

    other = Account(MARY, config=world.rob.protocol.config, autodiscover=False, access_type=DELEGATE)
    try:
        list(other.inbox.all()[:1])
        raise AssertionError("Rob reads Mary's inbox")
    except (ErrorAccessDenied, ErrorFolderNotFound, ErrorItemNotFound, ErrorNonExistentMailbox):
        pass


@step
def wrong_password_refused():
    from exchangelib.errors import UnauthorizedError

    config = Configuration(service_endpoint=os.environ["EWS_URL"], credentials=Credentials("ann@" + MARY.split("@")[1], "wrong"), auth_type="basic")
    try:
        Account("ann@" + MARY.split("@")[1], config=config, autodiscover=False, access_type=DELEGATE).inbox.refresh()
        raise AssertionError("a wrong password was taken")
    except UnauthorizedError:
        pass
