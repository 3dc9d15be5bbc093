//! Members of an archive: in its order, and by name.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Member;

/// Members of an archive in its order. A lookup by name does not traverse the list: readers look
/// up nearly every member.
#[derive(Debug, Default)]
pub struct Members {
    list: Vec<Member>,
    /// Positions in the order of the names, created at the first lookup.
    by_name: OnceLock<Vec<usize>>,
    visits: AtomicUsize,
}

impl Members {
    /// Returns all members.
    pub fn iter(&self) -> impl Iterator<Item = &Member> {
        self.list.iter().inspect(|_| self.count(1))
    }

    /// Returns the member called `name`; of several, the first.
    pub fn named(&self, name: &str) -> Option<&Member> {
        let first = self.starting_with(name).next()?;
        (first.name == name).then_some(first)
    }

    /// Returns the members whose names start with `start`, in the order of their names.
    pub fn starting_with<'m, 'n>(
        &'m self,
        start: &'n str,
    ) -> impl Iterator<Item = &'m Member> + use<'m, 'n> {
        let name_of = |position: &usize| self.list[*position].name.as_str();
        let by_name = self.by_name.get_or_init(|| {
            let mut positions: Vec<usize> = (0..self.list.len()).collect();
            positions.sort_by_key(name_of);
            positions
        });
        let first = by_name.partition_point(|position| {
            self.count(1);
            name_of(position) < start
        });
        let members = by_name[first..]
            .iter()
            .map(|position| &self.list[*position])
            .inspect(|_| self.count(1));
        members.take_while(move |member| member.name.starts_with(start))
    }

    /// Returns the number of members.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns `true` if there are no members.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the number of members that iterations and lookups have visited. Tests compare this
    /// cost of reading an archive with the number of its members.
    pub fn visits(&self) -> usize {
        self.visits.load(Ordering::Relaxed)
    }

    pub(super) fn as_slice(&self) -> &[Member] {
        &self.list
    }

    pub(super) fn push(&mut self, member: Member) {
        self.by_name.take();
        self.list.push(member);
    }

    /// Returns the member at `position`; its name must not be changed.
    pub(super) fn at_mut(&mut self, position: usize) -> &mut Member {
        &mut self.list[position]
    }

    fn count(&self, visits: usize) {
        self.visits.fetch_add(visits, Ordering::Relaxed);
    }
}

impl From<Vec<Member>> for Members {
    fn from(list: Vec<Member>) -> Members {
        Members {
            list,
            ..Members::default()
        }
    }
}

impl IntoIterator for Members {
    type Item = Member;
    type IntoIter = std::vec::IntoIter<Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
