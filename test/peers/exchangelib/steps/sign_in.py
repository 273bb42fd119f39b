import os
import socket

from world import MARY, ROB, PASSWORD, connect, equal, step, world  # first: it says which certificate is trusted

from exchangelib import Credentials


@step
def sign_in():
    world.mary, world.rob = connect(MARY), connect(ROB)
    version = world.mary.version
    assert version.build.major_version == 15, version
    # The client takes what is offered, NTLM before Basic.
    equal(world.mary.protocol.auth_type, os.environ.get("AUTH", "basic"), "the way to sign in")


@step
def autodiscover_pox():
    import dns.resolver
    from exchangelib.autodiscover import Autodiscovery

    port, resolve, connect_to = int(os.environ["AUTODISCOVER_PORT"]), dns.resolver.Resolver.resolve, socket.getaddrinfo

    def local(host, service, *rest, **named):
        domain = MARY.split("@")[1]
        if host in (domain, f"autodiscover.{domain}"):
            return connect_to("127.0.0.1", port, *rest, **named)
        return connect_to(host, service, *rest, **named)

    socket.getaddrinfo, dns.resolver.Resolver.resolve = local, lambda *_a, **_k: []
    try:
        answer, protocol = Autodiscovery(email=MARY, credentials=Credentials(MARY, PASSWORD)).discover()
    finally:
        socket.getaddrinfo, dns.resolver.Resolver.resolve = connect_to, resolve
    equal(answer.autodiscover_smtp_address.lower(), MARY)
    assert "/ews/exchange.asmx" in protocol.service_endpoint.lower(), protocol.service_endpoint
