//! IP addresses of the public internet, by IANA's special-purpose address registries (RFC 6890,
//! RFC 8190).
//!
//! The tables are `iana-ipv4-special-registry` and `iana-ipv6-special-registry`, with the
//! non-unicast blocks of IANA's other registries. They also contain one IP address that a cloud
//! uses contrary to its registration.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Range of IP addresses, and a flag for packets that are forwarded beyond the sender's network.
struct Block {
    /// First IP address, from the highest bit of 128 down in both families.
    first: u128,
    prefix_len: u32,
    is_global: bool,
}

/// Returns `true` if the IP address is in the public internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    narrowest(IPV4, high_bits(address)).is_none_or(|block| block.is_global)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // RFC 6052, section 3.1: a translator reaches the IP address in the last 32 bits, which must
    // not be private.
    if let [0x64, 0xff9b, 0, 0, 0, 0, ..] = address.segments() {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    // RFC 4291, section 2.4, and IANA's address space registry: everything outside of 2000::/3 is
    // reserved.
    narrowest(IPV6, address.to_bits()).is_some_and(|block| block.is_global)
}

/// Returns the row with the longest prefix: nested rows are exceptions (RFC 8190, section 2.2.1).
fn narrowest(table: &[Block], bits: u128) -> Option<&Block> {
    table
        .iter()
        .filter(|block| (block.first ^ bits) >> (128 - block.prefix_len) == 0)
        .max_by_key(|block| block.prefix_len)
}

const fn high_bits(address: Ipv4Addr) -> u128 {
    (address.to_bits() as u128) << 96
}

const fn v4(octets: [u8; 4], prefix_len: u32, is_global: bool) -> Block {
    let [a, b, c, d] = octets;
    Block {
        first: high_bits(Ipv4Addr::new(a, b, c, d)),
        prefix_len,
        is_global,
    }
}

/// Returns the block that begins with `segments`, all others being 0.
const fn v6<const N: usize>(segments: [u16; N], prefix_len: u32, is_global: bool) -> Block {
    let mut first = 0;
    let mut index = 0;
    while index < N {
        first |= (segments[index] as u128) << (112 - 16 * index);
        index += 1;
    }
    Block {
        first,
        prefix_len,
        is_global,
    }
}

#[rustfmt::skip]
const IPV4: &[Block] = &[
    v4([0, 0, 0, 0], 8, false),         // "This network": RFC 791
    v4([10, 0, 0, 0], 8, false),        // Private use: RFC 1918
    v4([100, 64, 0, 0], 10, false),     // Shared address space: RFC 6598
    v4([127, 0, 0, 0], 8, false),       // Loopback: RFC 1122
    v4([168, 63, 129, 16], 32, false),  // Registered as public; in Azure, the machine's own host
    v4([169, 254, 0, 0], 16, false),    // Link local: RFC 3927
    v4([172, 16, 0, 0], 12, false),     // Private use: RFC 1918
    v4([192, 0, 0, 0], 24, false),      // IETF protocol assignments: RFC 6890
    v4([192, 0, 0, 9], 32, true),       // Port Control Protocol anycast: RFC 7723
    v4([192, 0, 0, 10], 32, true),      // TURN anycast: RFC 8155
    v4([192, 0, 2, 0], 24, false),      // Documentation: RFC 5737
    v4([192, 88, 99, 0], 24, false),    // Deprecated 6to4 relay anycast: RFC 7526
    v4([192, 168, 0, 0], 16, false),    // Private use: RFC 1918
    v4([198, 18, 0, 0], 15, false),     // Benchmarking: RFC 2544
    v4([198, 51, 100, 0], 24, false),   // Documentation: RFC 5737
    v4([203, 0, 113, 0], 24, false),    // Documentation: RFC 5737
    v4([224, 0, 0, 0], 4, false),       // Multicast: RFC 5771
    v4([240, 0, 0, 0], 4, false),       // Reserved, with the limited broadcast: RFC 1112, RFC 919
];

#[rustfmt::skip]
const IPV6: &[Block] = &[
    v6([0x2000], 3, true),                  // Global unicast: RFC 4291
    // IETF protocol assignments: RFC 2928. They include Teredo, which leads into any IPv4 network
    // (RFC 4380). ORCHIDs and drone ids are registered as reachable, but name endpoints, not
    // locations (RFC 7343, RFC 9374).
    v6([0x2001], 23, false),
    v6([0x2001, 1, 0, 0, 0, 0, 0, 1], 128, true), // Port Control Protocol anycast: RFC 7723
    v6([0x2001, 1, 0, 0, 0, 0, 0, 2], 128, true), // TURN anycast: RFC 8155
    v6([0x2001, 1, 0, 0, 0, 0, 0, 3], 128, true), // DNS-SD registration anycast: RFC 9665
    v6([0x2001, 3], 32, true),              // Automatic multicast tunneling: RFC 7450
    v6([0x2001, 4, 0x112], 48, true),       // AS112: RFC 7535
    v6([0x2001, 0xdb8], 32, false),         // Documentation: RFC 3849
    v6([0x2002], 16, false),                // 6to4, into any IPv4 network: RFC 3056
    v6([0x3fff], 20, false),                // Documentation: RFC 9637
];
