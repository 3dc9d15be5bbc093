//! Tests of kinds of hosts with packages of their own: results of their readers, and published
//! files.

mod bitcart;
mod bitcart_published;
mod fuel;
mod node_red;
mod oko;
pub(crate) mod oko_store;
