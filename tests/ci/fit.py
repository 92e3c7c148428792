"""Validates the ready-made jobs of docs/ci against what their systems take: fit.py.

The action and the workflow go through the JSON Schema Store's schemas; of GitLab's job, of which no
schema may be had, each key must be one of its reference. A copy with a misspelt key must not fit.
Exits with 1 where that is not so.
"""

import copy
import json
import pathlib
import sys

import jsonschema
import yaml

JOBS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "ci"
SCHEMAS = pathlib.Path(__file__).parent / "schemas"

# https://docs.gitlab.com/ci/yaml/, as far as a job like this has them; a dictionary has the keys of
# a mapping, None any.
GITLAB_JOB = {
    "after_script": None, "allow_failure": None, "before_script": None, "image": None,
    "interruptible": None, "needs": None, "retry": None, "script": None, "stage": None,
    "tags": None, "timeout": None, "variables": None,
    "artifacts": {
        "access": None, "expire_in": None, "expose_as": None, "name": None, "paths": None,
        "when": None,
        "reports": {"codequality": None, "junit": None, "sast": None}},
    "cache": {"fallback_keys": None, "key": None, "paths": None, "policy": None, "when": None},
    "rules": {"allow_failure": None, "changes": None, "exists": None, "if": None,
              "variables": None, "when": None},
}


def misfits_of_schema(document, schema):
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
            for error in validator.iter_errors(document)]


def misfits_of_keys(document, keys):
    if keys is None:
        return []
    if isinstance(document, list):
        return [misfit for each in document for misfit in misfits_of_keys(each, keys)]
    return [misfit for key, value in document.items()
            for misfit in ([f"{key}: no such key"] if key not in keys
                           else misfits_of_keys(value, keys[key]))]


def read(name):
    document = yaml.safe_load((JOBS / name).read_text())
    if True in document:  # YAML 1.1 reads the key `on` as a truth
        document["on"] = document.pop(True)
    return document


def with_misspelt(document, path):
    changed = copy.deepcopy(document)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1] + "x"] = inner.pop(path[-1])
    return changed


def main():
    action_schema, workflow_schema = (json.loads((SCHEMAS / name).read_text())
                                      for name in ("github-action.json", "github-workflow.json"))
    problems = []
    for name, misfits, path in (
            ("github/action.yml", lambda document: misfits_of_schema(document, action_schema),
             ("runs", "steps", 0, "uses")),
            ("github/workflow.yml", lambda document: misfits_of_schema(document, workflow_schema),
             ("jobs", "interlock", "runs-on")),
            ("gitlab.yml", lambda document: misfits_of_keys(document["interlock"], GITLAB_JOB),
             ("interlock", "artifacts", "reports", "junit"))):
        document = read(name)
        problems += [f"{name}: {misfit}" for misfit in misfits(document)]
        if not misfits(with_misspelt(document, path)):
            problems.append(f"{name}: {path[-1]} may be misspelt")
    print("\n".join(problems) or "all fit")
    return 1 if problems else 0


sys.exit(main())
