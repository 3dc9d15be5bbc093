//! The kinds of hosts that have packages of their own: what their readers say of a package, and what they publish.

mod fuel;
