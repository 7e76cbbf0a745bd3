//! EtherNet/IP from constant bytes.
