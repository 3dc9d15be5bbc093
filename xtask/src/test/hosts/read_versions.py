"""Answers questions on versions, ranges, requirements and names as Python's `packaging` does.

    read_versions.py WORDS OUT

WORDS has lists of what is asked about; OUT becomes an object of answers by question.
"""

import json
import pathlib
import sys

import packaging
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import (
    InvalidName,
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version


def quoted(text):
    """As JSON writes it."""
    return json.dumps(text, ensure_ascii=False)


def read_or_none(read, text, *refusals):
    try:
        return read(text)
    except refusals:
        return None


def version(it):
    return f"{it}, {'before a release' if it.is_prerelease else 'a release'}"


def requirement(it):
    parts = "an address" if it.url else ",".join(sorted(f"{part.operator}{part.version}" for part in it.specifier))
    extras = ",".join(sorted(canonicalize_name(extra) for extra in it.extras))
    return f"{canonicalize_name(it.name)} [{extras}] {parts} {'sometimes' if it.marker else 'always'}"


def file(text):
    if not text.endswith(".whl"):
        name, number = parse_sdist_filename(text)
        return f"{name} {number}"
    name, number, build, tags = parse_wheel_filename(text)
    return f"{name} {number} {''.join(map(str, build)) or 'no build'} {' '.join(sorted(map(str, tags)))}"


def answers(words):
    versions = [it for text in words["versions"] if (it := read_or_none(Version, text, InvalidVersion)) is not None]
    for text in words["versions"]:
        it = read_or_none(Version, text, InvalidVersion)
        yield f"version {quoted(text)}", "none" if it is None else version(it)
    for one in versions:
        for other in versions:
            yield f"{one} and {other}", "less" if one < other else "greater" if one > other else "equal"
    for text in words["specifiers"]:
        specifiers = read_or_none(SpecifierSet, text, InvalidSpecifier)
        yield f"specifier {quoted(text)}", "none" if specifiers is None else "one"
        for it in versions if specifiers is not None else []:
            yield f"{it} in {quoted(text)}", str(specifiers.contains(it, prereleases=True)).lower()
    for text in words["requirements"]:
        it = read_or_none(Requirement, text, InvalidRequirement)
        yield f"requirement {quoted(text)}", "none" if it is None else requirement(it)
    for text in words["names"]:
        it = read_or_none(lambda text: canonicalize_name(text, validate=True), text, InvalidName)
        yield f"name {quoted(text)}", "none" if it is None else it
    for text in words["files"]:
        yield f"file {quoted(text)}", read_or_none(file, text, InvalidSdistFilename, InvalidWheelFilename) or "none"


def main(words, out):
    found = dict(answers(json.loads(pathlib.Path(words).read_text())))
    pathlib.Path(out).write_text(json.dumps(found, ensure_ascii=False, indent=1))
    print(f"Python {sys.version.split()[0]}, packaging {packaging.__version__}")


main(*sys.argv[1:])
