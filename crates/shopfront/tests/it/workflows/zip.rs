//! Zip archives of plain members, like downloaded artifacts.

/// Returns the archive with every member stored uncompressed (APPNOTE 4.3: local headers, central
/// directory, end record).
pub(crate) fn stored<'m>(members: impl Iterator<Item = (&'m str, &'m str)>) -> Vec<u8> {
    let (mut out, mut directory, mut count) = (Vec::new(), Vec::new(), 0_u16);
    for (name, text) in members {
        let offset = u32::try_from(out.len()).unwrap();
        let mut about = Vec::new();
        // Version 2.0, no flags, stored, no time; then checksum, both sizes, the name's length, no
        // extra field.
        for field in [20_u16, 0, 0, 0, 33] {
            about.extend(field.to_le_bytes());
        }
        about.extend(crc32(text.as_bytes()).to_le_bytes());
        let length = u32::try_from(text.len()).unwrap().to_le_bytes();
        about.extend([length, length].concat());
        about.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        about.extend(0_u16.to_le_bytes());
        out.extend(
            [
                b"PK\x03\x04".as_slice(),
                &about,
                name.as_bytes(),
                text.as_bytes(),
            ]
            .concat(),
        );
        directory.extend(
            [
                b"PK\x01\x02\x14\x00".as_slice(),
                &about,
                &[0; 10],
                &offset.to_le_bytes(),
                name.as_bytes(),
            ]
            .concat(),
        );
        count += 1;
    }
    let start = u32::try_from(out.len()).unwrap();
    let length = u32::try_from(directory.len()).unwrap();
    out.extend(directory);
    out.extend(
        [
            b"PK\x05\x06\0\0\0\0".as_slice(),
            &count.to_le_bytes(),
            &count.to_le_bytes(),
        ]
        .concat(),
    );
    out.extend([length.to_le_bytes(), start.to_le_bytes()].concat());
    out.extend([0, 0]);
    out
}

/// Returns the ISO 3309 checksum, computed bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let shifted = |sum: u32, _| {
        if sum & 1 == 1 {
            (sum >> 1) ^ 0xedb8_8320
        } else {
            sum >> 1
        }
    };
    !bytes
        .iter()
        .fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), shifted))
}
