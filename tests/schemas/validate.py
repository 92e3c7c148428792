"""Validates every config below a folder against the config schema: validate.py SCHEMA FOLDER.

Comments are blanked out first, as JSON Schema validators read plain JSON. Exits with 1 when a config
does not fit or there is none.
"""

import json
import pathlib
import re
import sys

import jsonschema

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


def without_comments(text):
    return TOKEN.sub(lambda match: match.group() if match.group()[0] == '"' else " ", text)


def main(schema_path, folder):
    schema = json.loads(pathlib.Path(schema_path).read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    checked = 0
    failures = 0
    for path in sorted(pathlib.Path(folder).rglob("*.json")):
        config = json.loads(without_comments(path.read_text()))
        checked += 1
        for error in validator.iter_errors(config):
            failures += 1
            print(f"{path}: {error.json_path}: {error.message}")
    print(f"{checked} configs, {failures} failures")
    return 1 if failures or not checked else 0


sys.exit(main(*sys.argv[1:]))
