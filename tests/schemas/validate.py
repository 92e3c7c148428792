"""Validates every config below a folder against the config schema: validate.py SCHEMA FOLDER [misfits].

Comments are blanked out first, as JSON Schema validators read plain JSON. Exits with 1 when a config
does not fit or there is none; with `misfits`, when one does fit.
"""

import json
import pathlib
import re
import sys
import warnings

import jsonschema

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)


def without_comments(text):
    return TOKEN.sub(lambda match: match.group() if match.group()[0] == '"' else " ", text)


def read_schema(path):
    """The schema without its $id: some versions of RefResolver stay in a part that has one."""
    schema = json.loads(path.read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    if schema.pop("$id", None) != f"https://interlock.invalid/schemas/{path.name}":
        sys.exit(f"{path}: the $id does not end in the file's name")
    return schema


def main(schema_path, folder, wanted="fits"):
    path = pathlib.Path(schema_path).resolve()
    # A part of a schema is named by its file, beside it.
    parts = {part.as_uri(): read_schema(part) for part in path.parent.glob("*.schema.json")}
    warnings.simplefilter("ignore", DeprecationWarning)  # its successor is not in Debian 12
    resolver = jsonschema.RefResolver(path.as_uri(), parts[path.as_uri()], store=parts)
    validator = jsonschema.Draft7Validator(parts[path.as_uri()], resolver=resolver)
    checked = 0
    failures = 0
    for path in sorted(pathlib.Path(folder).rglob("*.json")):
        config = json.loads(without_comments(path.read_text()))
        checked += 1
        errors = list(validator.iter_errors(config))
        if wanted == "misfits":
            failures += not errors
            print(f"{path}: {'as meant, it does not fit' if errors else 'it fits'}")
            continue
        failures += len(errors)
        for error in errors:
            print(f"{path}: {error.json_path}: {error.message}")
    print(f"{checked} configs, {failures} failures")
    return 1 if failures or not checked else 0


sys.exit(main(*sys.argv[1:]))
