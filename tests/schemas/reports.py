"""Validates what the gate and a review write against the schemas of others: reports.py PROGRAM.

Configs that hold, differ, are wrong, reach a limit and have awkward names are gated in a folder of
their own, and a change of C is reviewed; then the SARIF goes through jsonschema and JUnit's XML
through xmllint. Exits with 1 when something does not fit, or when a report lacks what it must have.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

SCHEMAS = pathlib.Path(__file__).parent / "reports"

C_BEFORE = """void knlist_add(struct knlist *knl, struct knote *kn, int islocked)
{
  SLIST_INSERT_HEAD(&knl->kl_list, kn, kn_selnext);
  KQ_LOCK(kn->kn_kq);
  kn->kn_status &= ~KN_DETACHED;
  KQ_UNLOCK(kn->kn_kq);
}
"""
C_AFTER = C_BEFORE.replace("  KQ_UNLOCK(kn->kn_kq);\n", "")


def netbsd(expect, patches=(), prop="no-deadlock"):
    return json.dumps({
        "system": "netbsd", "revision": "kern_event-1.129",
        "scenario": {"threads": {"p": ["exit"], "w": ["kevent add proc p exit"]}},
        "properties": [prop], "patches": list(patches), "expect": expect}, indent=2)


REVERSED = {"move": "exit1.mutex_enter_p_lock", "before": "exit1.mutex_enter_proc_lock"}
KEPT = {"drop": "exit1.mutex_exit_proc_lock"}
FREEBSD = json.dumps({
    "system": "freebsd", "revision": "kqueue-10.4",
    "scenario": {"threads": {"p": ["kevent add proc p exit", "exit"]}}})

FILES = {
    "configs/holds.json": netbsd({"holds": True}),
    "configs/deadlock.json": netbsd({"holds": True}, [REVERSED]),
    "configs/a <b> & 'c' | `d` %0A: ü.json": netbsd(
        {"holds": True}, [KEPT], "locks-held-on-return"),
    b"configs/\xff\x1b.json".decode("utf-8", "surrogateescape"): netbsd({"holds": True}, [REVERSED]),
    "configs/wrong.json": "{\n",
    "configs/number.json": netbsd({"holds": True, "states": 1}),
    "configs/notes.txt": "",
    "review/registers.json": FREEBSD,
    "old/sys/kern/kern_event.c": C_BEFORE,
    "new/sys/kern/kern_event.c": C_AFTER,
}


def run(program, folder, *arguments):
    environment = dict(os.environ, XDG_CACHE_HOME=str(folder / "cache"))
    done = subprocess.run([program, *arguments], cwd=folder, env=environment, capture_output=True)
    print(f"{' '.join(arguments)}: exit {done.returncode}")
    return done.returncode


def check_sarif(path, problems):
    schema = json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text())
    document = json.loads(path.read_text())
    for error in jsonschema.Draft4Validator(schema).iter_errors(document):
        problems.append(f"{path.name}: {error.json_path}: {error.message}")
    return document["runs"][0]["results"]


def check_junit(path, problems):
    done = subprocess.run(["xmllint", "--noout", "--schema", SCHEMAS / "jenkins-junit.xsd", path],
                          capture_output=True, text=True)
    if done.returncode != 0:
        problems.append(f"{path.name}: {done.stderr}")


def reports_of(name):
    return ["--junit", f"{name}.xml", "--sarif", f"{name}.sarif", "--summary", f"{name}.md"]


def main(program):
    program = pathlib.Path(program).resolve()
    problems = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for file, text in FILES.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text)
        if run(program, folder, "gate", "configs", *reports_of("gate")) != 17:
            problems.append("the gate found nothing")
        if run(program, folder, "gate", "configs", "--seconds", "0.000000001", "--no-cache",
               *reports_of("late")) == 0:
            problems.append("what is not reached passes")
        if run(program, folder, "review", "kqueue-10.4", "--old", "old", "--new", "new",
               "--configs", "review", *reports_of("review")) == 0:
            problems.append("the review found nothing")
        for report in ("gate", "late", "review"):
            check_junit(folder / f"{report}.xml", problems)
        check_sarif(folder / "late.sarif", problems)
        gate = check_sarif(folder / "gate.sarif", problems)
        review = check_sarif(folder / "review.sarif", problems)
        if len(gate) != 5 or sum("codeFlows" in result for result in gate) != 3:
            problems.append(f"{len(gate)} results of the gate")
        if not any("codeFlows" in result for result in review):
            problems.append("no counterexample in the review")
    print("\n".join(problems) or "all fit")
    return 1 if problems else 0


sys.exit(main(*sys.argv[1:]))
