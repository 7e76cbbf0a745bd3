//! The command line, as one table: `--help`, shell completions and the man page come from here.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};
use flow::UserHint;
use wire::Protocol;

use crate::help;

/// See what happens on the network of a robot cell
///
/// Lightcurtain reads captures of the network around robots and controllers and says who is
/// there, what they say to the machines in the machines' own terms, and what should not be
/// possible. Nothing is ever sent to the network.
#[derive(Debug, Parser)]
#[command(name = "lightcurtain", version, max_term_width = 100, propagate_version = false)]
#[command(after_help = help::MAIN)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say who is there, what they say to the machines, and what should not be possible
    #[command(after_help = help::INSPECT)]
    Inspect(Inspect),
    /// Propose a plant from captures: zones, assets, conduits with rules, each with its evidence
    #[command(after_help = help::LEARN)]
    Learn(Learn),
    /// Check that plant files are valid, and show every error with its place
    #[command(after_help = help::CHECK)]
    Check(Check),
    /// Print every application message, one a line
    #[command(after_help = help::DECODE)]
    Decode(Decode),
    /// List what is decoded, how deep, with operations and their intents
    #[command(after_help = help::PROTOCOLS)]
    Protocols(Protocols),
    /// Print completions for a shell
    #[command(after_help = help::COMPLETIONS)]
    Completions(Completions),
    /// Print the manual page, in roff
    #[command(after_help = help::MAN)]
    Man(Man),
}

/// Where packets come from: the same for every command that reads captures.
#[derive(Debug, clap::Args)]
pub(crate) struct Source {
    /// Captures: pcap or pcapng (also .gz, .zst), folders of them, or - for standard input
    #[arg(required = true, value_name = "CAPTURE")]
    pub(crate) captures: Vec<PathBuf>,
    /// Try a protocol first on a port that it does not usually have (may be repeated)
    #[arg(long, value_name = "PORT=PROTOCOL", value_parser = hint)]
    pub(crate) port: Vec<UserHint>,
    /// First frame to look at, counted from 1 over all captures
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) from_frame: u64,
    /// Last frame to look at
    #[arg(long, value_name = "N", default_value_t = u64::MAX, hide_default_value = true)]
    pub(crate) to_frame: u64,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Inspect {
    #[command(flatten)]
    pub(crate) source: Source,
    /// Judge by this declared plant: a folder of .toml files
    #[arg(long, value_name = "FOLDER")]
    pub(crate) plant: Option<PathBuf>,
    /// Write the whole report as JSON (docs/formats/inspect.schema.json); - is standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write the report as one HTML page with a zone map
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Print every asset, conversation and finding, however many there are
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Learn {
    #[command(flatten)]
    pub(crate) source: Source,
    /// Folder to write the proposal to, as learned.toml
    #[arg(long, value_name = "FOLDER")]
    pub(crate) into: PathBuf,
    /// What to call the plant
    #[arg(long, value_name = "TEXT", default_value = "learned plant")]
    pub(crate) name: String,
    /// Replace a proposal that is there
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The plant: a folder of .toml files, or one such file
    #[arg(value_name = "FOLDER")]
    pub(crate) plant: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Decode {
    #[command(flatten)]
    pub(crate) source: Source,
    /// One JSON object per message (docs/formats/decode.md)
    #[arg(long)]
    pub(crate) json: bool,
    /// Only messages of these protocols (may be repeated)
    #[arg(long, value_name = "NAME", value_parser = protocol)]
    pub(crate) protocol: Vec<Protocol>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Protocols {
    /// Show the operations of this protocol, with the intent of each and where it comes from
    #[arg(value_name = "NAME", value_parser = protocol)]
    pub(crate) protocol: Option<Protocol>,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Source {
    /// The captures and options as typed in a shell.
    pub(crate) fn words(&self) -> String {
        let mut words: Vec<_> = self.captures.iter().map(|path| quoted(path)).collect();
        for hint in &self.port {
            words.push(format!("--port {}={}", hint.port, hint.protocol.name()));
        }
        if self.from_frame > 1 {
            words.push(format!("--from-frame {}", self.from_frame));
        }
        if self.to_frame < u64::MAX {
            words.push(format!("--to-frame {}", self.to_frame));
        }
        words.join(" ")
    }
}

impl Inspect {
    /// The command that makes this report again.
    pub(crate) fn words(&self) -> String {
        let mut text = format!("lightcurtain inspect {}", self.source.words());
        if let Some(plant) = &self.plant {
            text += &format!(" --plant {}", quoted(plant));
        }
        text
    }
}

/// A path as a word of a POSIX shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// The page of this command, instead of the first page
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}

/// A protocol by its name, with the nearest names in the error.
fn protocol(name: &str) -> Result<Protocol, String> {
    Protocol::by_name(name).ok_or_else(|| {
        let known = Protocol::all().map(Protocol::name);
        let near = plant::hint::nearest(name, known)
            .map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        format!("no such protocol; {near}`lightcurtain protocols` lists all")
    })
}

fn hint(text: &str) -> Result<UserHint, String> {
    let (port, name) =
        text.split_once('=').ok_or("expected PORT=PROTOCOL, as in 10502=modbus".to_owned())?;
    let port = port
        .parse::<std::num::NonZeroU16>()
        .map_err(|_| format!("`{port}` is not a port (1 to 65535)"))?;
    Ok(UserHint { port: port.get(), protocol: protocol(name)? })
}
