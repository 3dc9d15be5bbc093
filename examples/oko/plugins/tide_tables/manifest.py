"""What the store and the dashboard read: each value in one line of its own, with nothing behind it."""

PLUGIN_NAME = "tide_tables"
PLUGIN_VERSION = "1.0.0"
PLUGIN_DESCRIPTION = "High and low water for every tide gauge."
PLUGIN_AUTHOR = "Mira Okafor"
PLUGIN_HOMEPAGE = "https://tides.example/oko"
PLUGIN_LICENSE = "Apache-2.0"
PLUGIN_TAGS = ("tides", "sea")
PLUGIN_CAPABILITIES = ("read.tide_tables.gauges",)
PLUGIN_MIN_DASHBOARD_VERSION = "1.0.0"
