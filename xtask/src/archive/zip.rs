//! Zip archives: wheels, and the source distributions of old.

use std::io::{Read, Seek};

use super::{Depth, Limits, Look, Member, MemberKind, Oddity, OddityKind, Survey};

/// See [`super::survey`].
pub(super) fn survey<R: Read + Seek>(bytes: R, limits: &Limits, look: &Look<'_>) -> std::io::Result<Survey> {
    let mut survey = Survey::default();
    let Ok(mut archive) = zip::ZipArchive::new(bytes) else {
        survey.oddities.push(Oddity { kind: OddityKind::Unreadable, member: None, says: "is no zip".to_owned() });
        return Ok(survey);
    };
    for index in 0..archive.len() {
        let Ok(mut file) = archive.by_index(index) else { continue };
        let name = file.name().map(|it| it.into_owned()).unwrap_or_default();
        let kind = if file.is_dir() { MemberKind::Folder } else { MemberKind::File };
        let mut member = Member { kind, size: file.size(), sha256: None, bytes: None, name };
        let wanted = (look.keep)(&member.name) && member.size <= limits.kept as u64;
        if wanted || look.depth == Depth::Whole {
            let mut content = Vec::new();
            let _ = (&mut file).take(limits.kept as u64).read_to_end(&mut content);
            member.sha256 = Some(crate::digest::sha256(&content));
            member.bytes = wanted.then_some(content);
        }
        survey.members.push(member);
    }
    Ok(survey)
}
