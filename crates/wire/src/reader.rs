//! A cursor over borrowed bytes: every read either succeeds or leaves nothing half-done.
//!
//! The only way in which dissectors touch bytes. There is no indexing, so there is no panic.

/// A cursor over borrowed bytes. A read that does not fit returns `None` and moves nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader<'a> {
    bytes: &'a [u8],
}

macro_rules! integer {
    ($($name:ident: $kind:ty = $from:ident, $text:literal;)*) => {$(
        #[doc = concat!("Reads ", $text, ".")]
        #[inline]
        pub fn $name(&mut self) -> Option<$kind> {
            self.array().map(<$kind>::$from)
        }
    )*};
}

impl<'a> Reader<'a> {
    /// A cursor at the start of `bytes`.
    #[inline]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// The bytes that are left; the cursor stays.
    #[inline]
    pub const fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// How many bytes are left.
    #[inline]
    pub const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing is left.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Reads `N` bytes.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*head)
    }

    /// Reads `count` bytes.
    #[inline]
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(head)
    }

    /// Reads `count` bytes as a cursor of their own.
    #[inline]
    pub fn sub(&mut self, count: usize) -> Option<Self> {
        self.take(count).map(Self::new)
    }

    /// Reads all that is left.
    #[inline]
    pub fn take_rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.bytes)
    }

    /// Passes over `count` bytes.
    #[inline]
    pub fn skip(&mut self, count: usize) -> Option<()> {
        self.take(count).map(|_| ())
    }

    /// Reads up to and over the first `delimiter`; the result is without it.
    #[inline]
    pub fn until(&mut self, delimiter: u8) -> Option<&'a [u8]> {
        let end = self.bytes.iter().position(|byte| *byte == delimiter)?;
        let head = self.take(end)?;
        self.skip(1)?;
        Some(head)
    }

    /// Reads up to and over the first line feed; the line is without it and a carriage return
    /// before it.
    #[inline]
    pub fn line(&mut self) -> Option<&'a [u8]> {
        self.until(b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// The next byte; the cursor stays.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.bytes.first().copied()
    }

    /// The next 16-bit integer, most significant byte first; the cursor stays.
    #[inline]
    pub fn peek_be16(&self) -> Option<u16> {
        self.bytes.first_chunk().copied().map(u16::from_be_bytes)
    }

    integer! {
        u8: u8 = from_be_bytes, "one byte";
        be16: u16 = from_be_bytes, "a 16-bit integer, most significant byte first";
        be32: u32 = from_be_bytes, "a 32-bit integer, most significant byte first";
        be64: u64 = from_be_bytes, "a 64-bit integer, most significant byte first";
        le16: u16 = from_le_bytes, "a 16-bit integer, least significant byte first";
        le32: u32 = from_le_bytes, "a 32-bit integer, least significant byte first";
        le64: u64 = from_le_bytes, "a 64-bit integer, least significant byte first";
    }

    /// Reads a 24-bit integer, most significant byte first.
    #[inline]
    pub fn be24(&mut self) -> Option<u32> {
        let [a, b, c] = self.array()?;
        Some(u32::from_be_bytes([0, a, b, c]))
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;

    #[test]
    fn a_read_that_does_not_fit_moves_nothing() {
        let mut reader = Reader::new(&[1, 2, 3]);
        assert_eq!(reader.be32(), None);
        assert_eq!(reader.take(4), None);
        assert_eq!(reader.until(9), None);
        assert_eq!(reader.be16(), Some(0x0102));
        assert_eq!(reader.rest(), [3]);
    }

    #[test]
    fn byte_order_is_in_the_name() {
        let bytes = [1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(Reader::new(&bytes).le16(), Some(0x0201));
        assert_eq!(Reader::new(&bytes).be24(), Some(0x0001_0203));
        assert_eq!(Reader::new(&bytes).le32(), Some(0x0403_0201));
        assert_eq!(Reader::new(&bytes).be64(), Some(0x0102_0304_0506_0708));
    }

    #[test]
    fn until_passes_over_the_delimiter() {
        let mut reader = Reader::new(b"play\nstop");
        assert_eq!(reader.until(b'\n'), Some(&b"play"[..]));
        assert_eq!(reader.take_rest(), b"stop");
        assert!(reader.is_empty());
    }
}
