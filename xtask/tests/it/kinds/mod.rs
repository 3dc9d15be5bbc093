//! Kinds of hosts that read packages of their own: what their readers say of packages, held against files.

mod bitcart;
mod node_red;
mod oko;
