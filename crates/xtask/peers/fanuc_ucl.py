"""fanuc_ucl commands a controller by RMI and reads and writes one by SNPX."""

import json

import fanuc_ucl.hmi as hmi
import fanuc_ucl.rmi as rmi
import fanuc_ucl.rmi.proto as proto

import harness
import srtp

STATUS = {
    "ServoReady": 1,
    "TPMode": 0,
    "RMIMotionStatus": 0,
    "ProgramStatus": 0,
    "SingleStepMode": 0,
    "NumberUTool": 1,
    "NextSequenceID": 1,
    "NumberUFrame": 0,
    "Override": 100,
}


def controller(stream):
    """One JSON object a line; each is answered by its own name."""
    rest = b""
    while True:
        part = stream.recv(4096)
        if not part:
            return
        rest += part
        while b"\r\n" in rest:
            line, rest = rest.split(b"\r\n", 1)
            asked = json.loads(line)
            kind = "Communication" if "Communication" in asked else "Command"
            answer = {kind: asked[kind], "ErrorID": 0}
            if asked[kind] == "FRC_Connect":
                answer.update(PortNumber=16002, MajorVersion=7, MinorVersion=3)
            if asked[kind] == "FRC_GetStatus":
                answer.update(STATUS)
            stream.sendall(json.dumps(answer).encode() + b"\r\n")


def commands(account):
    """Each command after the answer to the one before."""
    driver = rmi.RmiDriver(rmi.RmiDriverConfig("127.0.0.1", 7))
    driver.connect()
    account.exchange("connect", "frc_connect", intent="session")
    rows = [
        ("FrcGetStatus", "observe"),
        ("FrcReset", "operate"),
        ("FrcInitialize", "operate"),
        ("FrcAbort", "operate"),
        ("FrcPause", "operate"),
        ("FrcContinue", "operate"),
    ]
    for name, intent in rows:
        driver.send(getattr(proto, name)()).wait_timeout(2.0)
        account.exchange(name, f"frc_{name[3:].lower()}", intent=intent)
    driver.disconnect().wait_timeout(2.0)
    account.exchange("disconnect", "frc_disconnect", intent="session")


def signals(account):
    """Signals of an operator panel."""
    driver = hmi.HmiDriver("127.0.0.1")
    driver.connect()

    def asked(call, operation, intent, place=None):
        fields = {"protocol": "fanuc-snpx", "intent": intent}
        account.line(call, "request", operation, object=place, **fields)
        account.line(call, "response", operation, outcome="ok", **fields)

    asked("connect", "init", "session")
    asked("connect", "session control", "session")
    asked("connect", "clrasg", "operate")
    driver.clear_alarms().wait_timeout(2.0)
    asked("clear_alarms", "clralm", "operate")
    rows = [
        (hmi.DigitalInput, "%Q 1"),
        (hmi.DigitalOutput, "%I 1"),
        (hmi.AnalogOutput, "%AI 1001"),
        (hmi.UopOutput, "%I 6001"),
    ]
    for kind, place in rows:
        driver.read(kind, 1).wait_timeout(2.0)
        asked(f"read({kind})", "read system memory", "observe", place)
    driver.write(hmi.DigitalOutput, 5, True).wait_timeout(2.0)
    asked("write(DigitalOutput 5)", "write system memory", "operate", "%I 5")
    driver.disconnect()


def main(account):
    harness.serve_tcp(16001, controller)
    harness.serve_tcp(16002, controller)
    harness.serve_tcp(60008, srtp.serve)
    commands(account)
    signals(account)


harness.record(main, "fanuc_ucl", ["fanuc-rmi", "fanuc-snpx"])
