//! Text from the network, shown safely.

use std::fmt::{self, Write as _};

/// Bytes that should be text. Shown as UTF-8; control and undecodable bytes appear as `\xNN`, so
/// that no sender can write escape sequences or line breaks into a terminal, log or report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text<'a>(pub &'a [u8]);

impl<'a> Text<'a> {
    /// Without white space and NUL bytes at either end, as fixed-width fields are padded with.
    pub fn trimmed(bytes: &'a [u8]) -> Self {
        let padding = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
        let start = bytes.iter().position(|byte| !padding(byte)).unwrap_or(bytes.len());
        let end = bytes.iter().rposition(|byte| !padding(byte)).map_or(start, |last| last + 1);
        Self(bytes.get(start..end).unwrap_or_default())
    }

    /// At most the first `bytes_max` bytes, for text that may be a whole program.
    pub fn clipped(bytes: &'a [u8], bytes_max: usize) -> Self {
        Self(bytes.get(..bytes_max).unwrap_or(bytes))
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            for character in chunk.valid().chars() {
                if character.is_control() {
                    write!(f, "\\x{:02x}", u32::from(character))?;
                } else {
                    f.write_char(character)?;
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_sender_cannot_write_escape_sequences_into_a_terminal() {
        assert_eq!(Text(b"play\x1b[2J\n\xff").to_string(), "play\\x1b[2J\\x0a\\xff");
        assert_eq!(Text("Größe".as_bytes()).to_string(), "Größe");
    }

    #[test]
    fn padding_is_taken_off_both_ends_only() {
        assert_eq!(Text::trimmed(b"  CPU 315-2 \0\0").to_string(), "CPU 315-2");
        assert_eq!(Text::trimmed(b"\0\0").to_string(), "");
        assert_eq!(Text::clipped(b"abcdef", 3).to_string(), "abc");
    }
}
