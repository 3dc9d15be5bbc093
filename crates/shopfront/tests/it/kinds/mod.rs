//! Kinds of hosts that have packages of their own: what their readers say of a package, and what
//! they publish.

mod bitcart;
mod bitcart_published;
mod fuel;
mod node_red;
mod oko;
pub(crate) mod oko_store;
