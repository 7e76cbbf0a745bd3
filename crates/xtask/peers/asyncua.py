"""asyncua's client and server: anonymous, with a user, signed, and encrypted."""

import asyncio
from pathlib import Path

from asyncua import Client, Server, ua
from asyncua.crypto.cert_gen import setup_self_signed_certificate
from asyncua.crypto.permission_rules import User, UserRole
from cryptography.x509.oid import ExtendedKeyUsageOID

import harness

URL = "opc.tcp://127.0.0.1:4840/cell"
URI = "urn:lightcurtain:peers"
PIECES = (b"PROGRAM one", b" two", b" and three")
NONE = "session on a channel without security"
ANONYMOUS = "an anonymous session changes something"


class Users:
    """Lets everybody in who says nothing, and `admin` with his password."""

    def get_user(self, _, username=None, password=None, certificate=None):
        known = username is None or (username, password) == ("admin", "secret")
        return User(role=UserRole.Admin) if known else None


async def start(certificate, key):
    """A server with a variable, a method, and a file as OPC 10000-20 has it."""
    server = Server(user_manager=Users())
    await server.init()
    server.set_endpoint(URL)
    usages = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
    await setup_self_signed_certificate(key, certificate, URI, "peer", usages, {})
    await server.load_certificate(str(certificate))
    await server.load_private_key(str(key))
    policies = ua.SecurityPolicyType
    server.set_security_policy(
        [
            policies.NoSecurity,
            policies.Basic256Sha256_SignAndEncrypt,
            policies.Basic256Sha256_Sign,
        ]
    )
    index = await server.register_namespace(URI)
    objects = server.nodes.objects
    speed = await objects.add_variable(ua.NodeId("Speed", index), "Speed", 1.0)
    await speed.set_writable()
    kinds = ua.VariantType

    async def method(parent, name, takes, gives, result):
        async def body(_, *arguments):
            return result

        await parent.add_method(ua.NodeId(name, index), name, body, takes, gives)

    await method(objects, "Go", [kinds.Int64], [kinds.Int64], [ua.Variant(1, kinds.Int64)])
    file = await objects.add_object(ua.NodeId("File", index), "File")
    handle = [ua.Variant(5, kinds.UInt32)]
    await method(file, "Open", [kinds.Byte], [kinds.UInt32], handle)
    await method(file, "Write", [kinds.UInt32, kinds.ByteString], [], [])
    await method(file, "Close", [kinds.UInt32], [], [])
    await server.start()


async def work(account, client, change):
    """What every session does; `change` is what is wrong with changes in it."""
    node = client.get_node("ns=2;s=Speed")
    value = await node.read_value()
    place = {"object": "ns=2;s=Speed"}
    read = f"[{value:g}]"
    account.exchange("read_value", "read", read=read, intent="observe", **place)

    def changed(call, operation, wrote=(), read=(), **fields):
        values = harness.texts(wrote)
        account.line(call, "request", operation, values=values, anomaly=change, **fields)
        values = harness.texts(read)
        account.line(call, "response", operation, outcome="ok", values=values, **fields)

    await node.write_value(2.5)
    changed("write_value", "write", wrote="[2.5]", intent="operate", **place)
    got = await client.nodes.objects.call_method(ua.NodeId("Go", 2), 3)
    fields = {"object": "ns=2;s=Go of i=85", "intent": "operate"}
    changed("call_method(Go)", "call", wrote="[3]", read=f"[{got}]", **fields)
    await client.nodes.objects.get_children()
    account.exchange("get_children", "browse", object="i=85", intent="observe")
    await write_file(account, client, changed)
    new = await client.nodes.objects.add_variable(ua.NodeId("New", 2), "New", 1)
    fields = {"object": "ns=2;s=New of i=85", "intent": "administer"}
    changed("add_variable", "add nodes", **fields)
    await client.delete_nodes([new])
    changed("delete_nodes", "delete nodes", object="ns=2;s=New", intent="administer")


async def write_file(account, client, changed):
    """A file in three pieces."""
    file = client.get_node("ns=2;s=File")
    kinds = ua.VariantType

    async def call(name, *arguments):
        got = await file.call_method(ua.NodeId(name, 2), *arguments)
        fields = {"object": f"ns=2;s={name} of ns=2;s=File", "intent": "operate"}
        changed(f"call_method({name})", "call", **fields)
        return got

    handle = await call("Open", ua.Variant(2, kinds.Byte))
    for piece in PIECES:
        data = ua.Variant(piece, kinds.ByteString)
        await call("Write", ua.Variant(handle, kinds.UInt32), data)
    await call("Close", ua.Variant(handle, kinds.UInt32))
    account.program("Write", None, b"".join(PIECES), name="ns=2;s=File")


def opened(account, policy, anomaly=None):
    """The lines of a connection up to its channel."""
    account.exchange("connect", "hello", intent="session")
    fields = {"object": policy, "intent": "session"}
    account.line("connect", "request", "open secure channel", anomaly=anomaly, **fields)
    account.line("connect", "response", "open secure channel", intent="session")


def closed(account, session=True):
    """The lines of its end; nobody answers the last one."""
    if session:
        account.exchange("disconnect", "close session", intent="session")
    account.line("disconnect", "request", "close secure channel", intent="session")


async def sessions(account, certificate, key):
    """Each kind of session after the other."""
    await Client(URL).connect_and_get_server_endpoints()
    listed(account, "get endpoints")
    await Client(URL).connect_and_find_servers()
    listed(account, "find servers")
    rows = [
        (None, None, NONE, ANONYMOUS),
        (None, "admin", NONE, None),
        ("Sign", None, None, ANONYMOUS),
    ]
    for mode, user, session, change in rows:
        client = await prepare(account, mode, user, certificate, key)
        await client.connect()
        opened(account, "Basic256Sha256" if mode else None)
        account.line("connect", "request", "create session", intent="session", anomaly=session)
        account.line("connect", "response", "create session", outcome="ok")
        who = f"user {user}" if user else "anonymous"
        account.exchange("connect", "activate session", object=who, intent="session")
        await work(account, client, change)
        await client.disconnect()
        closed(account)
    client = await prepare(account, None, "nobody", certificate, key)
    refused = await refusal(client)
    harness.check("a stranger", "BadUserAccessDenied" in refused, True)
    opened(account, None)
    account.line("connect", "request", "create session", anomaly=NONE)
    account.line("connect", "response", "create session", outcome="ok")
    fields = {"object": "user nobody", "outcome": "BadUserAccessDenied"}
    account.exchange("connect", "activate session", **fields)
    closed(account)


async def refusal(client):
    """What the peer says of a session that it does not get."""
    try:
        await client.connect()
    except Exception as error:
        return f"{type(error).__name__} {error}"
    return "connected"


def listed(account, operation):
    """A connection for one question."""
    opened(account, None)
    account.exchange(operation, operation, object=URL, intent="observe")
    closed(account, session=False)


async def prepare(account, mode, user, certificate, key):
    """A client; for security it first asks the server for its certificate."""
    client = Client(URL)
    client.application_uri = URI
    if user:
        client.set_user(user)
        client.set_password("secret")
    if mode:
        await client.set_security_string(f"Basic256Sha256,{mode},{certificate},{key}")
        listed(account, "get endpoints")
    return client


async def encrypted(account, certificate, key):
    """The same again, where nobody beside the peers can read it: each message is only counted."""
    client = await prepare(account, "SignAndEncrypt", None, certificate, key)
    await client.connect()
    inner = Count(account)
    opened(account, "Basic256Sha256")
    inner.exchange("connect", "create session")
    inner.exchange("connect", "activate session")
    await work(inner, client, None)
    await client.disconnect()
    inner.exchange("disconnect", "close session")
    # The type of a message is in its header, which is never encrypted.
    account.line("disconnect", "request", "close secure channel")


class Count:
    """An account of which only the number of messages can be seen."""

    def __init__(self, account):
        self.account = account

    def line(self, call, kind, operation, **_):
        self.account.line(f"{call}: {operation}", kind, "encrypted message", intent="unknown")

    def exchange(self, call, operation, **_):
        self.line(call, "request", operation)
        self.line(call, "response", operation)

    def program(self, *_, **__):
        """Nobody can hash what nobody can read."""


async def peers(account):
    certificate, key = Path(harness.scratch("cert.der")), Path(harness.scratch("key.pem"))
    await start(certificate, key)
    await sessions(account, certificate, key)
    await encrypted(account, certificate, key)


def main(account):
    asyncio.run(peers(account))


harness.record(main, "asyncua", ["opc-ua"])
