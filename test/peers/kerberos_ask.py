"""Asks EWS for the inbox with a Kerberos ticket in SPNEGO, as browsers and mail programs do (MIT Kerberos by python3-gssapi).

Environment: KRB5_CONFIG, KRB5CCNAME, HOST, PORT, CA_FILE, SERVICE (its host in Kerberos); arguments: what to vary (`unbound`, `other-channel`, `one-way`).
Prints one line of JSON: the HTTP status, whether the server has shown that it could read the ticket, and the answer's beginning.
"""
import base64
import hashlib
import http.client
import json
import os
import ssl
import sys

import gssapi
from gssapi.raw import ChannelBindings

wish = set(sys.argv[1:])
host, port = os.environ["HOST"], int(os.environ["PORT"])
spnego = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")
request = """<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">
<s:Body><m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>
<m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder></s:Body></s:Envelope>"""

connection = http.client.HTTPSConnection(host, port, context=ssl.create_default_context(cafile=os.environ["CA_FILE"]))
connection.connect()
certificate = connection.sock.getpeercert(binary_form=True)
seen = hashlib.sha256(b"other" if "other-channel" in wish else certificate).digest()
bindings = None if "unbound" in wish else ChannelBindings(application_data=b"tls-server-end-point:" + seen)
flags = [] if "one-way" in wish else [gssapi.RequirementFlag.mutual_authentication]

client = gssapi.SecurityContext(
    name=gssapi.Name(f"HTTP@{os.environ['SERVICE']}", gssapi.NameType.hostbased_service),
    mech=spnego, flags=flags, usage="initiate", channel_bindings=bindings,
)
connection.request("POST", "/EWS/Exchange.asmx", request, {"content-type": "text/xml"})
bare = connection.getresponse()
offered = bare.headers.get_all("www-authenticate")
bare.read()
token = base64.b64encode(client.step()).decode()
headers = {"content-type": "text/xml", "authorization": f"Negotiate {token}"}
connection.request("POST", "/EWS/Exchange.asmx", request, headers)
answer = connection.getresponse()
body = answer.read().decode()
last = answer.headers.get("www-authenticate") or ""
complete = False
if answer.status == 200 and last.startswith("Negotiate "):
    client.step(base64.b64decode(last.split(" ", 1)[1]))
    complete = client.complete
connection.request("POST", "/EWS/Exchange.asmx", request, headers)
again = connection.getresponse()
print(json.dumps({
    "offered": offered, "bare": bare.status, "status": answer.status, "complete": complete, "body": body[:3000],
    "again": again.status, "why": again.read().decode()[:300],
}))
