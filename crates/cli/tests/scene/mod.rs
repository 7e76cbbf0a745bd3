//! What the tests of the command share: running it, a cell written byte by byte, and expected
//! texts.

pub(crate) mod cell;

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What the command said and how it ended.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The command in a folder, without the settings of whoever runs the tests.
pub(crate) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lightcurtain"));
    command.current_dir(folder).args(args).env_remove("NO_COLOR").env("TERM", "xterm-256color");
    command.stdin(Stdio::null());
    command
}

/// Runs the command in a folder.
pub(crate) fn run(folder: &Path, args: &[&str]) -> Said {
    said(&command(folder, args).output().expect("the command starts"))
}

pub(crate) fn said(output: &Output) -> Said {
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout.clone()).expect("text"),
        err: String::from_utf8(output.stderr.clone()).expect("text"),
    }
}

/// Compares with `tests/expected/NAME`; `LIGHTCURTAIN_REWRITE=1` writes it anew.
pub(crate) fn expect(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(name);
    if std::env::var_os("LIGHTCURTAIN_REWRITE").is_some() {
        std::fs::write(&path, text).expect("tests/expected can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (said, wanted)) in text.lines().zip(expected.lines()).enumerate() {
        assert_eq!(said, wanted, "line {} of {name}", number + 1);
    }
    assert_eq!(text.lines().count(), expected.lines().count(), "lines of {name}");
}
