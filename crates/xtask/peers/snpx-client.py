"""snpx-client reads and writes a robot by SNPX."""

import harness
import snpx_client.snpx_client
import srtp
from snpx_client.globals import VariableTypes


def session(account, port):
    """Signals, the position, and a system variable."""
    client = snpx_client.snpx_client.SnpxClient(ip="127.0.0.1", port=port)
    client.connect()
    call = f"connect({port})"
    account.exchange(call, "init", intent="session")
    account.exchange(call, "session control", intent="session")
    account.exchange(call, "clrasg", intent="operate")

    def asked(call, operation, place, intent, wrote=(), read=()):
        account.line(
            call, "request", operation, object=place, intent=intent, values=harness.texts(wrote)
        )
        account.line(call, "response", operation, outcome="ok", values=harness.texts(read))

    asked(call, "setasg", "1 50 POS[G1:0] 0.0 0", "operate")
    client.do.read(64, 1)
    asked("do.read", "read system memory", "%I 1..64", "observe")
    client.j_pos.read()
    asked("j_pos.read", "read system memory", "%R 1..50", "observe", read="POS[G1:0]: ")
    client.di.write([True, True], start_index=1)
    asked("di.write", "write system memory", "%Q 1..8", "operate", wrote="03")
    client.di.write([True, False] * 64, start_index=1)
    asked("di.write", "write system memory", "%Q 1..128", "operate", wrote="55 55 55 55")
    harness.attempt(client.sys_vars.read, "$ANGTOL[1]", VariableTypes.REAL)
    asked("sys_vars.read", "setasg", "51 2 $ANGTOL[1] 0", "operate")
    asked("sys_vars.read", "read system memory", "%R 51..52", "observe", read="$ANGTOL[1]: ")
    client.socket.close()


def main(account):
    harness.serve_tcp(60008, srtp.serve)
    session(account, 60008)


release = harness.fingerprint(snpx_client.snpx_client)
harness.record(main, "snpx-client", ["fanuc-snpx"], release=release)
