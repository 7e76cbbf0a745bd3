//! What `--help` says after the options: exit codes and examples. The man page has the same.

/// After the list of commands.
pub(crate) const MAIN: &str = "\
Exit codes:
  0  nothing of severity high or above
  1  findings of severity high or critical;
     of check: the plant is not valid
  2  unusable input: a file that cannot be read, or is no capture;
     a plant that is not valid; a wrong option

Examples:
  lightcurtain inspect cell.pcapng
  lightcurtain inspect cell.pcapng --plant plant/ --html report.html
  lightcurtain decode cell.pcapng --protocol modbus | less

Captures come from a mirror port of the cell's switch, for example by
  tcpdump -i eth1 -w cell.pcap";

pub(crate) const INSPECT: &str = "\
Exit codes:
  0  nothing of severity high or above
  1  findings of severity high or critical
  2  unusable input; of a damaged capture, what comes before the
     damage is used

Examples:
  lightcurtain inspect cell.pcapng
  lightcurtain inspect *.pcap --html report.html
  lightcurtain inspect recordings/ --plant plant/ --json report.json
  ssh gateway cat cell.pcap | lightcurtain inspect - --json -

Colour is off where the output is not a terminal, and where NO_COLOR is
set. Ctrl-C stops the reading and reports on what was read.";

pub(crate) const LEARN: &str = "\
Exit codes:
  0  the proposal was written
  2  unusable input, or a proposal is there already

Examples:
  lightcurtain learn cell.pcapng --into plant/
  lightcurtain check plant/
  lightcurtain inspect later.pcapng --plant plant/

Learn from hours in which nothing unusual happened, and read what is
proposed: what was seen is allowed, whether it should be or not.";

pub(crate) const CHECK: &str = "\
Exit codes:
  0  the plant is valid; there may be warnings
  1  it is not valid: every error with file, line, column and a hint
  2  it cannot be read

Examples:
  lightcurtain check plant/";

pub(crate) const DECODE: &str = "\
Exit codes:
  0  the captures were read, damaged ones up to their damage
  2  unusable input

Examples:
  lightcurtain decode cell.pcapng
  lightcurtain decode cell.pcapng --protocol s7comm --from-frame 2600
  lightcurtain decode cell.pcapng --json | jq 'select(.intent == \"safety\")'";

pub(crate) const PROTOCOLS: &str = "\
Examples:
  lightcurtain protocols
  lightcurtain protocols ur-dashboard";

pub(crate) const COMPLETIONS: &str = "\
Examples:
  lightcurtain completions bash > /etc/bash_completion.d/lightcurtain
  lightcurtain completions zsh > \"${fpath[1]}/_lightcurtain\"
  lightcurtain completions fish > ~/.config/fish/completions/lightcurtain.fish";

pub(crate) const MAN: &str = "\
Examples:
  lightcurtain man | man -l -
  lightcurtain man inspect > lightcurtain-inspect.1";
