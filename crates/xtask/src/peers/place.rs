//! Where a peer is installed and run: a virtual environment and a network namespace of its own.
//!
//! `target/peers/NAME` has the environment, the recording and the peer's files. What PyPI does
//! not have is expected in `target/peers/sources/NAME`, by hand; without it that peer is skipped.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use crate::shell;

/// Where the scripts are.
const SCRIPTS: &str = "crates/xtask/peers";
/// The pinned packages, each with the scripts that it is for.
const REQUIREMENTS: &str = "crates/xtask/peers/requirements.txt";
/// Marks a requirement that no registry has: a folder of somebody's repository.
const SOURCE: &str = "# source ";

/// A peer that can be run.
pub(super) struct Place {
    script: PathBuf,
    folder: PathBuf,
    sources: PathBuf,
}

/// Fails when nothing can be recorded at all, and says what is missing.
pub(super) fn check() -> Result<()> {
    let namespace = ["--net", "--pid", "--fork", "true"];
    ensure!(shell::is_installed("unshare", &namespace), "peers need root and `unshare`");
    for (program, argument) in [("tcpdump", "--version"), ("ip", "-V"), ("python3", "--version")] {
        ensure!(shell::is_installed(program, &[argument]), "peers need `{program}`");
    }
    Ok(())
}

/// The names of all peers.
pub(super) fn scripts() -> Result<Vec<String>> {
    let files = shell::files(&shell::root().join(SCRIPTS))?;
    let scripts = files.iter().filter(|path| path.extension().is_some_and(|end| end == "py"));
    let scripts = scripts.filter(|path| !path.parent().is_some_and(|p| p.ends_with("common")));
    Ok(scripts.filter_map(|path| path.file_stem()?.to_str()).map(str::to_owned).collect())
}

/// What a script needs.
#[derive(Debug, Default, PartialEq, Eq)]
struct Needs {
    /// Pinned packages, as pip writes them.
    packages: Vec<String>,
    /// Programs that have to be installed.
    programs: Vec<String>,
    /// Repositories of which a folder has to be there.
    sources: Vec<String>,
}

/// Reads the lines `package==1  # script, script`, `# program NAME  # script` and
/// `# source REPOSITORY  # script`.
fn needs(requirements: &str, name: &str) -> Needs {
    let mut needs = Needs::default();
    for line in requirements.lines() {
        let Some((need, scripts)) = line.rsplit_once("  # ") else { continue };
        if !scripts.split(", ").any(|script| script == name) {
            continue;
        }
        let need = need.trim();
        if let Some(source) = need.strip_prefix(SOURCE) {
            needs.sources.push(source.to_owned());
        } else if let Some(program) = need.strip_prefix("# program ") {
            needs.programs.push(program.to_owned());
        } else {
            needs.packages.push(need.to_owned());
        }
    }
    needs
}

impl Place {
    /// Installs what the script needs, or says what is missing.
    pub(super) fn prepare(name: &str) -> Result<Result<Self, String>> {
        let peers = shell::target().join("peers");
        let place = Self {
            script: shell::root().join(SCRIPTS).join(name).with_extension("py"),
            folder: peers.join(name),
            sources: peers.join("sources").join(name),
        };
        std::fs::create_dir_all(&place.folder)?;
        let requirements = std::fs::read_to_string(shell::root().join(REQUIREMENTS))?;
        let needs = needs(&requirements, name);
        if let Some(source) = needs.sources.first().filter(|_| !place.sources.is_dir()) {
            let wanted = place.sources.display();
            return Ok(Err(format!("PyPI does not have it; put {source} into {wanted}")));
        }
        let missing = needs.programs.iter().find(|program| !on_path(program));
        if let Some(program) = missing {
            return Ok(Err(format!("`{program}` is not installed")));
        }
        place.install(&needs.packages)?;
        Ok(Ok(place))
    }

    /// Makes the environment anew when its packages are not those that are wanted.
    fn install(&self, packages: &[String]) -> Result<()> {
        let wanted = packages.join("\n");
        let mark = self.folder.join("installed.txt");
        if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        let venv = self.folder.join("venv");
        let venv = venv.to_string_lossy();
        let made = shell::command("python3", &["-m", "venv", "--clear", &venv]);
        ensure!(shell::succeeds(made)?, "no virtual environment could be made");
        if !packages.is_empty() {
            let mut pip = shell::command(&format!("{venv}/bin/pip"), &["install", "--quiet"]);
            pip.arg("--disable-pip-version-check").args(packages);
            ensure!(shell::succeeds(pip)?, "pip could not install {}", packages.join(", "));
        }
        std::fs::write(mark, wanted)?;
        Ok(())
    }

    /// Where the recording is.
    pub(super) fn capture(&self) -> PathBuf {
        self.folder.join("traffic.pcap")
    }

    /// Runs the script; gives its account. What the peer itself prints goes to a log.
    pub(super) fn record(&self) -> Result<String> {
        let log_path = self.folder.join("peer.log");
        let log = std::fs::File::create(&log_path)?;
        let namespace = ["--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
        let mut command = shell::command("unshare", &namespace);
        // Some peers write logs where they are started.
        command.current_dir(&self.folder);
        // Without `-P` a script that is named after its peer would be imported in its place.
        command.arg(self.folder.join("venv/bin/python")).args(["-P", "-B"]);
        let account = self.folder.join("account.jsonl");
        command.arg(&self.script).arg(self.capture()).arg(&account);
        let common = shell::root().join(SCRIPTS).join("common");
        command.env("PYTHONPATH", std::env::join_paths([&common, &self.sources])?);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let status = command.status().context("cannot start the script")?;
        ensure!(status.success(), "{}; see {}", last_line(&log_path), log_path.display());
        std::fs::read_to_string(&account).context("the script wrote no account")
    }
}

/// The last thing that a script said before it failed.
fn last_line(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    text.lines().last().unwrap_or("the script failed").to_owned()
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::{Needs, needs};

    #[test]
    fn each_script_gets_what_is_marked_for_it() {
        let text = "# all of them\na==1  # one, two\nb==2  # two\n# program broker  # two\n\
                    # source them/it  # one\n";
        let two = Needs {
            packages: vec!["a==1".to_owned(), "b==2".to_owned()],
            programs: vec!["broker".to_owned()],
            sources: Vec::new(),
        };
        assert_eq!(needs(text, "two"), two);
        assert_eq!(needs(text, "one").sources, ["them/it"]);
        assert_eq!(needs(text, "three"), Needs::default());
    }
}
