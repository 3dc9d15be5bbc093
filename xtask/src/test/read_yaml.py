"""Reads every YAML file below the current folder; a key that stands twice is a fault, as it is for GitHub.

The files in `crates/shopfront/init` become YAML when `init` puts words into them: they are read in a new store. Those of fixtures are
what strangers write, faults and all.
"""
import os
import sys

import yaml


class Strict(yaml.SafeLoader):
    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"the key `{key}` stands twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


SKIPPED = {".git", "target", "node_modules", "dist"}
NOT_YAML_YET = {"./crates/shopfront/init", "./xtask/tests/fixtures"}

paths = []
for folder, folders, files in os.walk("."):
    below = {os.path.join(folder, name): name for name in sorted(folders)}
    folders[:] = [name for path, name in below.items() if name not in SKIPPED and path not in NOT_YAML_YET]
    paths += [os.path.join(folder, name) for name in sorted(files) if name.endswith((".yml", ".yaml"))]

faults = 0
for path in paths:
    try:
        with open(path, encoding="utf-8") as file:
            yaml.load(file, Strict)
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        faults += 1
        print(f"{path}: {fault}")
print(f"{len(paths)} YAML files read, {faults} with faults")
sys.exit(1 if faults else 0)
