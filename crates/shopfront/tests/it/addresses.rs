//! Tests of public servers: every block of IANA's registries, and every spelling of private
//! addresses.

use std::net::IpAddr;

use shopfront_text::url_policy::{check_maintainer_url, check_web_url, is_public_ip};

use crate::golden;
use crate::scratch::fixtures;

const BLOCKS: &str = include_str!("../../../../xtask/tests/fixtures/addresses/blocks.txt");
const REFUSED: &str = include_str!("../../../../xtask/tests/fixtures/addresses/refused.txt");
const PUBLIC: &str = include_str!("../../../../xtask/tests/fixtures/addresses/public.txt");

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Returns the first and the last IP address of a block.
fn edges(block: &str) -> [IpAddr; 2] {
    let (first, prefix_len) = block.split_once('/').unwrap();
    let prefix_len: u32 = prefix_len.parse().unwrap();
    match first.parse().unwrap() {
        IpAddr::V4(it) => [
            it.into(),
            (it.to_bits() | u32::MAX.checked_shr(prefix_len).unwrap_or(0))
                .to_be_bytes()
                .into(),
        ],
        IpAddr::V6(it) => [
            it.into(),
            (it.to_bits() | u128::MAX.checked_shr(prefix_len).unwrap_or(0))
                .to_be_bytes()
                .into(),
        ],
    }
}

#[test]
fn every_block_of_addresses_is_public_or_not_as_it_is_registered() {
    for line in lines(BLOCKS) {
        let mut words = line.split_whitespace();
        let (block, verdict) = (words.next().unwrap(), words.next().unwrap());
        for address in edges(block) {
            assert_eq!(
                is_public_ip(address),
                verdict == "public",
                "{address} of {line}"
            );
            let url = if address.is_ipv6() {
                format!("https://[{address}]/")
            } else {
                format!("https://{address}/")
            };
            assert_eq!(
                check_web_url(&url).is_none(),
                verdict == "public",
                "{url} of {line}"
            );
        }
    }
}

#[test]
fn an_address_that_is_not_public_is_refused_however_it_is_written() {
    let told = REFUSED.lines().map(|line| {
        let url = line.split_once(" -> ").map_or(line, |(url, _)| url);
        if url.is_empty() || url.starts_with('#') {
            return format!("{line}\n");
        }
        format!(
            "{url} -> {}\n",
            check_web_url(url).unwrap_or_else(|| panic!("`{url}` is not refused"))
        )
    });
    let told: String = told.collect();
    let differences: Vec<String> =
        golden::difference(&fixtures().join("addresses/refused.txt"), &told)
            .into_iter()
            .collect();
    golden::assert_none(&differences);
}

#[test]
fn an_address_that_only_looks_private_is_not_refused() {
    for url in lines(PUBLIC) {
        assert_eq!(check_web_url(url), None, "{url}");
    }
}

/// A maintainer may name a private server, but, like everyone else, no URL without a server.
#[test]
fn an_address_of_a_maintainer_names_a_server() {
    for url in [
        "http://localhost:8000/",
        "http://10.0.0.8/store",
        "https://store_1.internal/",
        "http://[fd00::8]:8080/",
    ] {
        assert_eq!(check_maintainer_url(url), None, "{url}");
    }
    for url in [
        "https:///store",
        "https://.example",
        "https://",
        "https://store..example/",
        "https://@store.example/",
        "https://:8080/",
    ] {
        assert!(check_maintainer_url(url).is_some(), "{url}");
    }
}
