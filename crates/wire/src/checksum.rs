//! The remainder that all safety protocols here check their frames with.
//!
//! One routine for every width and polynomial, most significant bit first, without tables: frames
//! of safety protocols are tens of bytes long. Being linear, the remainder of two frames' sum is
//! the sum of their remainders, so a seed that two frames share cancels out; dissectors use that
//! to check frames whose seed was never seen. It has no seeds or final sums of its own.

/// A generator polynomial without its highest term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Polynomial {
    /// Degree, 8 to 24.
    pub(crate) bits: u32,
    /// Terms below the highest.
    pub(crate) terms: u32,
}

impl Polynomial {
    /// Goes on from `seed` over `bytes`.
    pub(crate) fn over(self, seed: u32, bytes: &[u8]) -> u32 {
        bytes.iter().fold(seed, |sum, byte| self.step(sum ^ (u32::from(*byte) << (self.bits - 8))))
    }

    /// Eight bits further.
    fn step(self, sum: u32) -> u32 {
        let top = 1 << (self.bits - 1);
        let mask = top | (top - 1);
        (0..8).fold(sum, |sum, _| {
            let next = (sum << 1) & mask;
            if sum & top == 0 { next } else { next ^ self.terms }
        })
    }

    /// Eight bits back: undoes what one byte of zeros did. Needs an odd polynomial, as all are.
    pub(crate) fn back(self, sum: u32) -> u32 {
        let top = 1 << (self.bits - 1);
        (0..8).fold(
            sum,
            |sum, _| {
                if sum & 1 == 0 { sum >> 1 } else { ((sum ^ self.terms) >> 1) | top }
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Polynomial;

    const CHECK: &[u8] = b"123456789";

    #[test]
    fn remainders_are_those_that_others_compute() {
        // each as computed by libwsutil 4.0.17 over the digits
        for (bits, terms, remainder) in [
            (8, 0x2f, 0x3e),
            (8, 0x37, 0x2f),
            (8, 0x3b, 0xfd),
            (16, 0x5935, 0x5d38),
            (16, 0x755b, 0x20fe),
            (24, 0x5d_6dcb, 0xb0_c390),
        ] {
            assert_eq!(Polynomial { bits, terms }.over(0, CHECK), remainder, "{terms:#x}");
        }
    }

    #[test]
    fn a_seed_that_two_frames_share_cancels_out() {
        let one = Polynomial { bits: 16, terms: 0x39b7 };
        let [a, b] = [[1, 2, 3], [9, 2, 7]];
        let sum = [8, 0, 4];
        assert_eq!(one.over(0x1234, &a) ^ one.over(0x1234, &b), one.over(0, &sum));
    }

    #[test]
    fn going_back_undoes_a_byte() {
        for (bits, terms) in [(8, 0x2f), (16, 0x39b7), (24, 0x5d_6dcb)] {
            let one = Polynomial { bits, terms };
            let start = 0x5a;
            assert_eq!(one.back(one.over(start, &[0])), start);
        }
    }
}
