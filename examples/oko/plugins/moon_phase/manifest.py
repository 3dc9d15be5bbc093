"""The least that a plugin says of itself."""

PLUGIN_NAME = "moon_phase"
PLUGIN_VERSION = "0.2.0"
PLUGIN_DESCRIPTION = "The phase of the moon, for other plugins to use."
