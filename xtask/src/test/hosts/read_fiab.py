"""Reads a published `plugins.json` as the backend of FIAB does, with the model of its released wheel.

    read_fiab.py PLUGINS_JSON

The model and all that it is made of are the backend's own. What else its module imports is large, is no part of the model
and is not installed: names without meaning stand in for that.
"""

import importlib.abc
import importlib.machinery
import importlib.metadata
import json
import pathlib
import sys
import unittest.mock

# The workflow engine, the database, and what reads settings.
STAND_INS = {"cascade", "earthkit", "qubed", "sqlalchemy", "toml"}


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds what is not installed, and nothing else."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in STAND_INS:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = unittest.mock.MagicMock(name=spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass


def read_as_the_backend(text, module):
    """What its `fetch_store` does with the bytes that it was given."""
    return module.PluginStore(**module.orjson.loads(text))


def why_refused(document, module):
    """The types of the errors for which the model refuses `document`; none when it takes it."""
    from pydantic import ValidationError

    try:
        read_as_the_backend(json.dumps(document).encode(), module)
    except ValidationError as fault:
        return [error["type"] for error in fault.errors()]
    return []


def spoiled(document):
    """The same document with one thing wrong in it: what that is, the document, and the error that the model has for it."""
    uid, entry = next(iter(sorted(document["plugins"].items())))

    def with_entry(changed):
        return {**document, "plugins": {**document["plugins"], uid: changed}}

    def without(key, value):
        return {other: kept for other, kept in value.items() if other != key}

    yield "one key more", {**document, "$schema": "plugins.schema.json"}, "extra_forbidden"
    yield "one key more in an entry", with_entry({**entry, "homepage": "https://tides.example/"}), "extra_forbidden"
    yield "null for a text", with_entry({**entry, "comment": None}), "string_type"
    yield "a number for a text", with_entry({**entry, "display_author": 7}), "string_type"
    yield "an entry without a title", with_entry(without("display_title", entry)), "missing"
    yield "no name", without("display_name", document), "missing"


def faults(text, module):
    """What does not hold, a line each."""
    document = json.loads(text)
    store = read_as_the_backend(text, module)
    if store.model_dump(exclude_unset=True) != document:
        yield f"the backend read something else: {store!r}"
    for name, changed, wanted in spoiled(document):
        if (found := why_refused(changed, module)) != [wanted]:
            yield f"{name}: refused for {found}, not for {wanted}"
        else:
            print(f"refused, as it has to be: {name} ({wanted})")
    print(f"read: `{store.display_name}` with {len(store.plugins)} plugins")


def main(path):
    sys.meta_path.append(StandIns())
    import forecastbox.domain.plugin.store as module

    names = ["forecast-in-a-box", "fiab-core", "pydantic"]
    print(f"Python {sys.version.split()[0]}", *(f"{name} {importlib.metadata.version(name)}" for name in names), sep=", ")
    found = list(faults(pathlib.Path(path).read_bytes(), module))
    sys.exit("\n".join(found) if found else 0)


main(*sys.argv[1:])
