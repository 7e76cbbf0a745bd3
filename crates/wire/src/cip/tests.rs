//! CIP from constant bytes.
