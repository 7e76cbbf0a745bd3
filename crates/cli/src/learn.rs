//! `lightcurtain learn`: a proposed plant from what was seen, for its owner to review.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use plant::Source;
use policy::Learner;

use crate::{args, complain, declared, run};

/// Name of the file that the proposal is written to.
const FILE: &str = "learned.toml";

/// Runs the command.
pub(crate) fn run(args: &args::Learn) -> anyhow::Result<ExitCode> {
    let path = args.into.join(FILE);
    anyhow::ensure!(
        args.force || !path.exists(),
        "`{}` exists and may hold your changes; learn into another folder, or add --force",
        path.display()
    );
    let mut learner = Learner::new();
    let (tracker, intake) = run::read(&args.source, &mut learner)?;
    for (name, damage) in &intake.damage {
        complain(&format!("`{name}` is damaged: {damage}"));
    }
    let text = learner.propose(tracker.world(), &args.name);
    let sources = [Source { name: path.display().to_string(), text }];
    let [Source { text, .. }] = &sources;
    let declared = match declared::compile(&sources) {
        Ok(declared) => declared,
        Err(diagnostics) => {
            declared::tell(&sources, &diagnostics);
            anyhow::bail!("the proposal is not valid; this is our mistake, please report it");
        }
    };
    write(&args.into, &path, text, args.force)?;
    let (plant, rules) = (&declared.plant, declared.policy.rules().len());
    writeln!(
        io::stdout().lock(),
        "proposed {} zones, {} assets, {} conduits with {rules} rules in `{}`\n\n\
         Each rule says which messages it comes from. Review it, give things their names, then:\n  \
         lightcurtain check {4}\n  lightcurtain inspect CAPTURE --plant {4}",
        plant.zones.len(),
        plant.assets.len(),
        plant.conduits.len(),
        path.display(),
        args.into.display(),
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Writes beside the file and moves it there, so that a full disk leaves no half plant.
fn write(folder: &Path, path: &Path, text: &str, force: bool) -> anyhow::Result<()> {
    let cannot = || format!("cannot write `{}`", path.display());
    fs::create_dir_all(folder).with_context(cannot)?;
    let part = folder.join(format!(".{FILE}.part"));
    let written = File::create(&part).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let moved = written
        .and_then(|()| if force { fs::rename(&part, path) } else { fs::hard_link(&part, path) });
    // After a move there is nothing to remove, and a failure to remove changes nothing.
    let _ = fs::remove_file(&part);
    moved.with_context(cannot)
}
