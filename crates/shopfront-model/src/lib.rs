//! Data that the stages exchange: catalogue, answers, ledger, registry rules, and the interface
//! of host kinds.

pub mod answers;
pub mod catalogue;
pub mod registry_rules;
pub mod adapter;
pub mod bundle;
pub mod codes;
pub mod pasted;
pub mod register;
