//! Text from the network, shown safely.

use std::fmt::{self, Write as _};

use arrayvec::ArrayString;

/// Bytes that should be text. Shown as UTF-8; control and undecodable bytes appear as `\xNN`, so
/// that no sender can write escape sequences or line breaks into a terminal, log or report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

/// Bytes that should be UTF-16, least significant byte first. Shown as [`Text`] is; what is no
/// character appears as `\xNNNN`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Utf16<'a>(pub &'a [u8]);

impl fmt::Display for Utf16<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = self.0.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
        for character in char::decode_utf16(units) {
            match character {
                Ok(character) if !character.is_control() => f.write_char(character)?,
                Ok(control) => write!(f, "\\x{:02x}", u32::from(control))?,
                Err(lone) => write!(f, "\\x{:04x}", lone.unpaired_surrogate())?,
            }
        }
        Ok(())
    }
}

/// As much of a text as has room; ends with two dots where it was cut.
pub(crate) fn kept<const N: usize>(text: fmt::Arguments<'_>) -> ArrayString<N> {
    let mut clipped = Clipped(ArrayString::new());
    let _ = clipped.write_fmt(text);
    clipped.0
}

/// Takes text until its space is full.
struct Clipped<const N: usize>(ArrayString<N>);

impl<const N: usize> fmt::Write for Clipped<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.0.remaining_capacity() < character.len_utf8() + 2 {
                self.0.push_str("..");
                return Err(fmt::Error);
            }
            self.0.push(character);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Text, Utf16};

    #[test]
    fn what_is_kept_of_a_text_shows_that_it_was_cut() {
        assert_eq!(super::kept::<8>(format_args!("abc")).as_str(), "abc");
        assert_eq!(super::kept::<8>(format_args!("abcdef{}", "ghi")).as_str(), "abcdef..");
        assert_eq!(super::kept::<8>(format_args!("abcde\u{e4}x")).as_str(), "abcde..");
    }

    #[test]
    fn utf_16_is_shown_as_safely_as_other_text() {
        assert_eq!(Utf16(b"Z\0\xfc\0g\0").to_string(), "Züg");
        assert_eq!(Utf16(b"a\0\x1b\0\0\xd8b\0").to_string(), "a\\x1b\\xd800b");
        assert_eq!(Utf16(b"a\0b").to_string(), "a");
    }

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
