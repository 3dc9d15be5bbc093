"""Asks the validator of fuel-plugin-builder, as it was released, about plugins of the tests and about made-up ones.

    read_fuel.py SOURCES FIXTURES VARIANTS OUT

SOURCES has the source archives of the builder and of its YAML reader; FIXTURES the cases of the tests. VARIANTS is a file
of values, each of which is put into the manifest of each format. Every case becomes a tree and an archive in OUT, and a
line of `theirs.json`: its name, its archive, and why it was refused.
"""

import collections
import collections.abc
import json
import pathlib
import shutil
import sys
import tarfile

FORMATS = ["1.0.0", "2.0.0", "3.0.0", "4.0.0", "5.0.0"]
GROUPS = ["manifest", "files", "interface", "real"]
# What stands in the folder of a case and is no part of its plugin.
NOTES = {"case.json", "expected.txt", "expected.json", "absent.txt"}


def load_validator(sources):
    """The module of the builder that finds the validator of a plugin: its own code, with what it needs of a Python of its age."""
    unpacked = sources / "unpacked"
    for archive in [*sources.glob("*.tar.gz"), *sources.glob("*.zip")]:
        shutil.unpack_archive(archive, unpacked)
    for folder in [*unpacked.glob("fuel-plugin-builder-*"), *unpacked.glob("PyYAML-*/lib3")]:
        sys.path.insert(0, str(folder))
    # They have moved since.
    for name in ["Hashable", "Mapping", "MutableMapping", "Sequence"]:
        setattr(collections, name, getattr(collections.abc, name))
    if sys.version_info >= (3, 12):
        import setuptools  # noqa: F401, it brings `distutils`
    from fuel_plugin_builder import version_mapping
    from fuel_plugin_builder.validators import manager

    # The builder takes the first of what it filtered, which was a list.
    version_mapping.filter = lambda wanted, items: [item for item in items if wanted(item)]
    return manager.ValidatorManager


def why_refused(plugin, manager):
    """What the builder says against the tree at `plugin`; `None` when it takes it. It ends at any exception, and so does this."""
    try:
        manager(str(plugin)).get_validator().validate()
    except Exception as fault:
        return f"{type(fault).__name__}: {' '.join(str(fault).split())}"
    return None


def lay(source, plugin):
    """Lays the files of `source` over those of `plugin`."""
    for path in sorted(source.rglob("*")):
        if path.is_file() and path.relative_to(source).as_posix() not in NOTES:
            target = plugin / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def shared(fixtures, plugin_of):
    """The cases of the tests, laid over their bases as those do it."""
    for group in GROUPS:
        for case in sorted(path for path in (fixtures / group).iterdir() if path.is_dir()):
            name = f"{group}/{case.name}"
            plugin = plugin_of(name)
            if base := json.loads((case / "case.json").read_text()).get("base"):
                lay(fixtures / "bases" / base, plugin)
            absent = case / "absent.txt"
            for line in absent.read_text().split() if absent.exists() else []:
                shutil.rmtree(plugin / line) if line.endswith("/") else (plugin / line).unlink()
            lay(case, plugin)
            yield name


def without(manifest, field):
    """The manifest without a field: all lines from its key to the next key."""
    kept, is_of_field = [], False
    for line in manifest.splitlines(keepends=True):
        if not line.startswith((" ", "-", "#")):
            is_of_field = line.startswith(f"{field}:")
        if not is_of_field:
            kept.append(line)
    return "".join(kept)


def made_up(fixtures, variants, plugin_of):
    """Every value in every field of every format, and every field left out."""
    everywhere = variants.pop("every field")
    for version in FORMATS:
        manifest = (fixtures / "bases" / version / "metadata.yaml").read_text()
        for field, values in variants.items():
            for value in [None, *everywhere, *values]:
                line = "" if value is None else f"{field}: {value}\n"
                name = f"format {version}, {line.strip() or f'no {field}'}"
                plugin = plugin_of(name)
                lay(fixtures / "bases" / version, plugin)
                (plugin / "metadata.yaml").write_text(without(manifest, field) + line)
                yield name


def main(sources, fixtures, variants, out):
    manager = load_validator(sources)
    plugins = {}

    def plugin_of(name):
        plugins[name] = out / f"{len(plugins):04}" / "plugin"
        plugins[name].mkdir(parents=True)
        return plugins[name]

    told = []
    for name in [*shared(fixtures, plugin_of), *made_up(fixtures, json.loads(variants.read_text()), plugin_of)]:
        plugin = plugins[name]
        archive = plugin.parent.with_suffix(".tar.gz")
        with tarfile.open(archive, "w:gz", compresslevel=1) as packed:
            packed.add(plugin, "plugin")
        told.append({"case": name, "archive": archive.name, "refused": why_refused(plugin, manager)})
    (out / "theirs.json").write_text(json.dumps(told, indent=1))


main(*map(pathlib.Path, sys.argv[1:]))
