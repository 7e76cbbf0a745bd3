"""c104 (lib60870-C): a control centre interrogates, reads, commands and sets the clock of an RTU."""

import time

import c104

import harness

COMMON = 47


def accept(
    point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage
) -> c104.ResponseState:
    """The station does what it is told."""
    return c104.ResponseState.SUCCESS


def start():
    """A station with a reading, a switch and a setpoint."""
    server = c104.Server(ip="127.0.0.1", port=2404)
    station = server.add_station(common_address=COMMON)
    reading = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1)
    reading.value = 12.5
    commands = []
    for address, kind in ((12, c104.Type.C_SC_NA_1), (13, c104.Type.C_SE_NC_1)):
        commands.append(station.add_point(io_address=address, type=kind))
        commands[-1].on_receive(callable=accept)
    server.start()
    return server, reading, commands


def main(account):
    server, reading, commands = start()
    client = c104.Client()
    connection = client.add_connection(ip="127.0.0.1", port=2404, init=c104.Init.NONE)
    station = connection.add_station(common_address=COMMON)
    remote = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1)
    switch = station.add_point(io_address=12, type=c104.Type.C_SC_NA_1)
    setpoint = station.add_point(io_address=13, type=c104.Type.C_SE_NC_1)
    client.start()
    while not connection.is_connected:
        time.sleep(0.05)
    account.line("start", "request", "startdt act", intent="session")
    account.line("start", "response", "startdt con", outcome="ok")

    # Whether c104 saw a confirmation in time is chance; what the other side has is not.
    connection.interrogation(COMMON)
    account.exchange("interrogation", "c_ic_na_1", intent="observe")
    values = ["interrogated by station"]
    account.line("point", "notice", "m_me_nc_1", object="ioa 11", values=values)
    account.line("interrogation", "notice", "c_ic_na_1", values=["activation termination"])
    remote.read()
    time.sleep(0.5)
    harness.check("the reading", remote.value, 12.5)
    fields = {"object": "ioa 11", "intent": "observe"}
    account.exchange("read", "c_rd_na_1", **fields)
    account.line("read", "notice", "m_me_nc_1", values=["request"], **fields)
    switch.value = True
    switch.transmit(cause=c104.Cot.ACTIVATION)
    fields = {"object": "ioa 12", "intent": "operate", "wrote": "execute on"}
    account.exchange("switch", "c_sc_na_1", **fields)
    setpoint.value = 33.5
    setpoint.transmit(cause=c104.Cot.ACTIVATION)
    account.exchange("setpoint", "c_se_nc_1", object="ioa 13", intent="operate")
    time.sleep(0.5)
    harness.check("the station has", [one.value for one in commands], [True, 33.5])
    connection.clock_sync(COMMON)
    account.exchange("clock_sync", "c_cs_na_1", intent="administer")
    connection.test(COMMON)
    account.exchange("test", "c_ts_ta_1", intent="session")
    reading.value = 14.25
    harness.check("spontaneous", reading.transmit(cause=c104.Cot.SPONTANEOUS), True)
    time.sleep(1)
    harness.check("the new reading", remote.value, 14.25)
    fields = {"object": "ioa 11", "values": ["spontaneous"]}
    account.line("on_change", "notice", "m_me_nc_1", intent="observe", **fields)


harness.record(main, "c104", ["iec104"], beside=["s-format", "testfr act", "testfr con"])
