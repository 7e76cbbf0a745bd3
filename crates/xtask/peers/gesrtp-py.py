"""gesrtp-py reads registers, inputs, status, names and faults of a small controller of ours."""

import struct

import harness
import src.driver
import srtp


def words(offset, count):
    """What the controller has there, as we show it."""
    data = srtp.data_of(srtp.READ, 8, offset, count)
    return " ".join(str(word) for (word,) in struct.iter_unpack("<H", data))


def main(account):
    harness.serve_tcp(18245, srtp.serve)
    driver = src.driver.GE_SRTP_Driver("127.0.0.1")
    driver.connect()
    account.exchange("connect", "init", intent="session")
    read = "read system memory"
    # A word that is asked for alone is answered with four: the least that stands in a message.
    rows = [
        (lambda: driver.read_register(0, 10), read, "%R 1..10", words(0, 10)),
        (lambda: driver.read_register(99), read, "%R 100..103", words(99, 4)),
        (lambda: driver.read_analog_input(0, 5), read, "%AI 1..5", words(0, 5)),
        (lambda: driver.read_analog_output(0), read, "%AQ 1..4", words(0, 4)),
        (lambda: driver.read_discrete_input(0, 64), read, "%I 1..64", ()),
        (driver.get_plc_status, "plc short status", None, ()),
        (driver.get_controller_info, "return controller type", None, ()),
        (driver.get_program_names, "return control program names", None, ()),
        (driver.get_plc_datetime, "return plc time/date", None, ()),
        (driver.get_fault_table, "return fault table", None, ()),
        (lambda: driver.read_global_memory(0, 64), read, "%G 1..64", ()),
    ]
    for call, operation, place, shown in rows:
        got = harness.attempt(call)
        account.exchange(str(got)[:60], operation, object=place, intent="observe", read=shown)
    driver.disconnect()


release = harness.fingerprint(src.driver)
harness.record(main, "gesrtp-py", ["ge-srtp"], release=release)
