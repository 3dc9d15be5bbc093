//! What a store publishes for Fuel.
