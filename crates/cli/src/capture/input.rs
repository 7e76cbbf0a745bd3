//! Where captures come from: files, folders, standard input; compressed or not.

use std::fs::{self, File};
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context as _;

/// One capture to read.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// `None` is standard input.
    path: Option<PathBuf>,
}

/// Compression formats nested deeper than this are not followed: nobody packs a capture so.
const LAYERS_MAX: usize = 3;
/// Unpacked bytes for each packed one: captures of nothing but the same poll reach 60.
const RATIO_MAX: u64 = 250;
/// Below this many unpacked bytes the ratio says nothing.
const RATIO_BYTES_MIN: u64 = 64 * 1024 * 1024;

impl Input {
    /// As shown to people.
    pub(crate) fn name(&self) -> String {
        match &self.path {
            Some(path) => path.display().to_string(),
            None => "standard input".to_owned(),
        }
    }

    /// Bytes of the file, 0 if that is not known.
    pub(crate) fn bytes(&self) -> u64 {
        let metadata = self.path.as_ref().and_then(|path| fs::metadata(path).ok());
        metadata.map_or(0, |metadata| metadata.len())
    }

    /// Opens it, with the bytes of the file that were read counted in `progress`.
    pub(crate) fn open(&self, progress: &Arc<AtomicU64>) -> anyhow::Result<Box<dyn Read>> {
        let file: Box<dyn Read> = match &self.path {
            Some(path) => Box::new(
                File::open(path).with_context(|| format!("cannot open `{}`", path.display()))?,
            ),
            None => Box::new(io::stdin().lock()),
        };
        let before = progress.load(Ordering::Relaxed);
        let mut source: Box<dyn Read> = Box::new(Counted { file, count: Arc::clone(progress) });
        let mut packed = false;
        for _ in 0..LAYERS_MAX {
            let (magic, whole) = peek(source)?;
            source = whole;
            match magic {
                [0x1f, 0x8b, ..] => source = Box::new(flate2::read::MultiGzDecoder::new(source)),
                [0x28, 0xb5, 0x2f, 0xfd] => {
                    let decoder = ruzstd::decoding::StreamingDecoder::new(source)
                        .map_err(|error| anyhow::anyhow!("zstd: {error}"))
                        .with_context(|| format!("cannot read `{}`", self.name()))?;
                    source = Box::new(decoder);
                }
                _ => break,
            }
            packed = true;
        }
        if packed {
            let packed = Arc::clone(progress);
            source = Box::new(Unpacked { source, packed, before, bytes: 0 });
        }
        Ok(source)
    }
}

/// The first four bytes, and a stream that still has them.
fn peek(mut source: Box<dyn Read>) -> io::Result<([u8; 4], Box<dyn Read>)> {
    let mut magic = [0; 4];
    let mut filled = 0;
    while let Some(space) = magic.get_mut(filled..).filter(|space| !space.is_empty()) {
        match source.read(space) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let head = magic.get(..filled).unwrap_or_default().to_vec();
    Ok((magic, Box::new(Cursor::new(head).chain(source))))
}

struct Counted {
    file: Box<dyn Read>,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(space)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A packed file that is far smaller than what it unpacks to was made to keep its reader busy.
struct Unpacked<R> {
    source: R,
    /// Bytes of all files that were read, and how many of them before this one.
    packed: Arc<AtomicU64>,
    before: u64,
    bytes: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(space)?;
        self.bytes += read as u64;
        let packed = self.packed.load(Ordering::Relaxed) - self.before;
        if self.bytes > RATIO_BYTES_MIN && self.bytes / RATIO_MAX > packed {
            let why =
                format!("it unpacks to more than {RATIO_MAX} times its size, as no capture does");
            return Err(io::Error::other(why));
        }
        Ok(read)
    }
}

/// Endings of capture files, looked for in folders.
const ENDINGS: [&str; 9] = [
    ".pcap",
    ".pcapng",
    ".cap",
    ".pcap.gz",
    ".pcapng.gz",
    ".cap.gz",
    ".pcap.zst",
    ".pcapng.zst",
    ".trace",
];

/// Files and folders as named by the user, as inputs; folders stand for all captures below them,
/// in order of name. `-` is standard input.
pub(crate) fn expand(paths: &[PathBuf]) -> anyhow::Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input { path: None });
        } else if path.is_dir() {
            let before = inputs.len();
            folder(path, &mut inputs)?;
            anyhow::ensure!(
                inputs.len() > before,
                "no capture in folder `{}` (looked for files ending in .pcap, .pcapng, .cap, also with .gz and .zst)",
                path.display()
            );
        } else {
            inputs.push(Input { path: Some(path.clone()) });
        }
    }
    Ok(inputs)
}

fn folder(path: &Path, inputs: &mut Vec<Input>) -> anyhow::Result<()> {
    let cannot = || format!("cannot read folder `{}`", path.display());
    let entries = fs::read_dir(path).with_context(cannot)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()
        .with_context(cannot)?;
    paths.sort();
    for path in paths {
        // Links to folders are not followed: they may lead back here.
        let kind = fs::symlink_metadata(&path).with_context(cannot)?;
        if kind.is_dir() {
            folder(&path, inputs)?;
        } else if ENDINGS.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            inputs.push(Input { path: Some(path) });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{RATIO_BYTES_MIN, Unpacked};
    use std::io::{self, Read as _};
    use std::sync::Arc;
    use std::sync::atomic::AtomicU64;

    fn unpack(packed: u64) -> io::Result<u64> {
        let source = io::repeat(0).take(RATIO_BYTES_MIN * 2);
        let packed = Arc::new(AtomicU64::new(1_000_000 + packed));
        let mut unpacked = Unpacked { source, packed, before: 1_000_000, bytes: 0 };
        io::copy(&mut unpacked, &mut io::sink())
    }

    #[test]
    fn what_unpacks_to_hundreds_of_times_its_size_is_not_read_to_its_end() {
        assert!(unpack(100_000).unwrap_err().to_string().contains("times its size"));
        assert_eq!(unpack(1_000_000).unwrap(), RATIO_BYTES_MIN * 2);
    }
}
