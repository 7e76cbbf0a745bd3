//! The declared plant from its folder: files read, parsed, compiled, and complained about.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use plant::{Diagnostic, Grade, Paint, Plant, Source};
use policy::Policy;

/// Largest plant file: some 30,000 assets. What is larger is no plant.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Diagnostics shown. Nobody reads more before mending the first, and each costs a search of its
/// file for its line.
const SHOWN_MAX: usize = 100;

/// A valid plant and its decision function.
pub(crate) struct Declared {
    pub(crate) plant: Plant,
    pub(crate) policy: Policy,
}

/// Reads every `*.toml` below `folder`, in order of name.
pub(crate) fn sources(folder: &Path) -> anyhow::Result<Vec<Source>> {
    let mut sources = Vec::new();
    if folder.is_file() {
        sources.push(source(folder)?);
    } else {
        collect(folder, &mut sources)?;
    }
    anyhow::ensure!(
        !sources.is_empty(),
        "no plant file (*.toml) in `{}`; `lightcurtain learn CAPTURE --into {0}` proposes one",
        folder.display()
    );
    Ok(sources)
}

fn collect(folder: &Path, sources: &mut Vec<Source>) -> anyhow::Result<()> {
    let cannot = || format!("cannot read plant folder `{}`", folder.display());
    let entries = fs::read_dir(folder).with_context(cannot)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .with_context(cannot)?;
    paths.sort();
    for path in paths {
        let kind = fs::symlink_metadata(&path).with_context(cannot)?;
        if kind.is_dir() {
            collect(&path, sources)?;
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            sources.push(source(&path)?);
        }
    }
    Ok(())
}

fn source(path: &Path) -> anyhow::Result<Source> {
    let cannot = || format!("cannot read `{}`", path.display());
    // A pipe would be waited for, and a device has no end.
    anyhow::ensure!(
        fs::metadata(path).with_context(cannot)?.is_file(),
        "`{}` is not a file",
        path.display()
    );
    let mut text = String::new();
    let file = fs::File::open(path).with_context(cannot)?;
    file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).with_context(cannot)?;
    anyhow::ensure!(
        text.len() as u64 <= FILE_BYTES_MAX,
        "`{}` is larger than {} MiB; a plant may be split into files, one per cell",
        path.display(),
        FILE_BYTES_MAX >> 20
    );
    Ok(Source { name: path.display().to_string(), text })
}

/// Parses and compiles. All errors of the files, in order of place, if there are any.
pub(crate) fn compile(sources: &[Source]) -> Result<Declared, Vec<Diagnostic>> {
    let (plant, policy) = policy::load(sources)?;
    Ok(Declared { plant, policy })
}

/// Loads a plant that must be valid; the exit code if it is not, with everything said.
pub(crate) fn load(folder: &Path) -> anyhow::Result<Result<Declared, ExitCode>> {
    let sources = sources(folder)?;
    match compile(&sources) {
        Ok(declared) => Ok(Ok(declared)),
        Err(diagnostics) => {
            tell(&sources, &diagnostics);
            crate::complain("the plant is not valid, so nothing was judged by it");
            Ok(Err(ExitCode::from(2)))
        }
    }
}

/// Shows diagnostics on standard error; how many are errors.
#[expect(clippy::print_stderr, reason = "diagnostics are for people at a terminal")]
pub(crate) fn tell(sources: &[Source], diagnostics: &[Diagnostic]) -> usize {
    let colour = crate::screen::Screen::stderr().colour;
    let paint = if colour { Paint::Colour } else { Paint::Plain };
    for diagnostic in diagnostics.iter().take(SHOWN_MAX) {
        eprintln!("{}\n", plant::render(sources, diagnostic, paint));
    }
    if diagnostics.len() > SHOWN_MAX {
        eprintln!("and {} more\n", diagnostics.len() - SHOWN_MAX);
    }
    diagnostics.iter().filter(|diagnostic| diagnostic.grade == Grade::Error).count()
}
