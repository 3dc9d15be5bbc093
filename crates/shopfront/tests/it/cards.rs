//! Tests of image cards as they appear where a URL is shared: each is rendered as letters.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::time::SystemTime;

use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::{built, text, tree};

/// Returns the image of a PNG file with a palette: width, height and pixels.
fn decoded(bytes: &[u8]) -> (usize, usize, Vec<[u8; 3]>) {
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| {
        usize::try_from(u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())).unwrap()
    };
    let mut chunks: BTreeMap<&[u8], Vec<u8>> = BTreeMap::new();
    let mut at = 8;
    while at < bytes.len() {
        let (length, data) = (number(at), &bytes[at + 8..]);
        let mut crc = flate2::Crc::new();
        crc.update(&bytes[at + 4..at + 8 + length]);
        assert_eq!(
            usize::try_from(crc.sum()).unwrap(),
            number(at + 8 + length),
            "a chunk is broken"
        );
        chunks
            .entry(&bytes[at + 4..at + 8])
            .or_default()
            .extend_from_slice(&data[..length]);
        at += 12 + length;
    }
    assert_eq!(
        chunks.keys().copied().collect::<Vec<_>>(),
        [&b"IDAT"[..], b"IEND", b"IHDR", b"PLTE"]
    );
    let (width, height) = (number(16), number(20));
    let mut rows = Vec::new();
    flate2::read::ZlibDecoder::new(chunks[&b"IDAT"[..]].as_slice())
        .read_to_end(&mut rows)
        .unwrap();
    let palette = chunks[&b"PLTE"[..]].as_chunks::<3>().0.to_vec();
    assert_eq!(rows.len(), height * (width + 1));
    let pixels = rows
        .chunks_exact(width + 1)
        .flat_map(|row| &row[1..])
        .map(|index| palette[usize::from(*index)]);
    (width, height, pixels.collect())
}

/// Renders the image as letters, one for 10 by 18 pixels, darker ones for more ink.
fn in_letters(bytes: &[u8]) -> String {
    let (width, height, pixels) = decoded(bytes);
    assert_eq!((width, height), (1_200, 630));
    let light = |x: usize, y: usize| {
        pixels[y * width + x]
            .iter()
            .map(|it| u32::from(*it))
            .sum::<u32>()
    };
    let paper = light(600, 629);
    let mut told = String::new();
    for top in (0..height).step_by(18) {
        let letter = |left: usize| {
            let cells = (top..top + 18).flat_map(|y| (left..left + 10).map(move |x| (x, y)));
            let ink: u32 = cells.map(|(x, y)| paper.abs_diff(light(x, y))).sum::<u32>() / 180;
            // Coarse steps: a different rounding on another machine does not change the image.
            match ink {
                0..8 => ' ',
                8..60 => '.',
                60..160 => 'o',
                _ => '#',
            }
        };
        let line: String = (0..width).step_by(10).map(letter).collect();
        told.push_str(line.trim_end());
        told.push('\n');
    }
    told
}

fn store() -> Scratch {
    let scratch = Scratch::empty();
    scratch.overlay_at(&fixtures().join("cards/catalogue"), "catalogue");
    scratch
}

#[test]
fn cards_look_as_the_files_beside_the_fixture_say() {
    let scratch = store();
    built(&scratch, None);
    let files = tree(&scratch.path().join("dist"));
    let mut differences = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with("card.png")) {
        assert!(bytes.len() < 25_000, "{path} has {} bytes", bytes.len());
        let name = path
            .replace("/card.png", "")
            .replace('/', "-")
            .replace(".png", "");
        differences.extend(golden::difference(
            &fixtures().join(format!("cards/expected/{name}.txt")),
            &in_letters(bytes),
        ));
    }
    golden::assert_none(&differences);
}

#[test]
fn a_card_is_drawn_once_and_again_when_it_was_spoilt() {
    let scratch = store();
    built(&scratch, None);
    let card_cache = scratch.path().join(".shopfront-cache/cards");
    let times = || -> BTreeMap<String, SystemTime> {
        let of = |path: &String| {
            fs::metadata(card_cache.join(path))
                .unwrap()
                .modified()
                .unwrap()
        };
        tree(&card_cache)
            .keys()
            .map(|path| (path.clone(), of(path)))
            .collect()
    };
    let (first, published) = (times(), tree(&scratch.path().join("dist")));
    assert_eq!(first.len(), 10, "eight plugins, a host and the store");
    built(&scratch, None);
    assert_eq!(times(), first);
    // A full disk, or a manual edit: neither is published.
    let mut paths = first.keys();
    fs::write(
        card_cache.join(paths.next().unwrap()),
        b"\x89PNG\r\n\x1a\nhalf",
    )
    .unwrap();
    fs::write(card_cache.join(paths.next().unwrap()), b"").unwrap();
    built(&scratch, None);
    assert_eq!(tree(&scratch.path().join("dist")), published);
    fs::remove_dir_all(&card_cache).unwrap();
    // A file in place of the cache: cards are drawn, and not cached.
    fs::remove_dir_all(card_cache.parent().unwrap()).unwrap();
    fs::write(card_cache.parent().unwrap(), "in the way").unwrap();
    built(&scratch, None);
    assert_eq!(tree(&scratch.path().join("dist")), published);
}

#[test]
fn a_drawer_that_is_full_of_old_cards_is_emptied_of_them() {
    let scratch = store();
    built(&scratch, None);
    let card_cache = scratch.path().join(".shopfront-cache/cards");
    let used = tree(&card_cache);
    for number in 0..995 {
        scratch.write(
            &format!(
                ".shopfront-cache/cards/{:02x}/{number:064x}.png",
                number % 256
            ),
            "old",
        );
    }
    built(&scratch, None);
    assert_eq!(tree(&card_cache), used);
}

#[test]
fn a_store_may_do_without_cards() {
    let scratch = store();
    let settings = fs::read_to_string(scratch.path().join("catalogue/store.json")).unwrap();
    scratch.write(
        "catalogue/store.json",
        &settings.replace("\"accent\"", "\"image_cards\": false,\n  \"accent\""),
    );
    built(&scratch, None);
    assert!(
        !tree(&scratch.path().join("dist"))
            .keys()
            .any(|path| path.ends_with(".png"))
    );
    let page = text(&scratch, "harbour/anchor/index.html");
    assert!(
        !page.contains("og:image")
            && page.contains("<meta name=\"twitter:card\" content=\"summary\">")
            && !page.contains("card.png")
    );
    assert!(!scratch.path().join(".shopfront-cache").exists());
}
