//! The data that stages exchange: catalogue, answers, ledger, rules of registries, what a kind of
//! host answers.

pub mod answers;
pub mod catalogue;
pub mod registry_rules;
pub mod adapter;
pub mod bundle;
pub mod codes;
pub mod pasted;
pub mod register;
