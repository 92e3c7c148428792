"""Runs the ready-made CI jobs of docs/ci as their systems would: jobs.py PROGRAM.

In a repository with a kernel's text and two configs, a change that breaks one lock step must fail
with an annotation on the line that has changed, and one that breaks nothing must pass. Exits with 1
where that is not so.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

JOBS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "ci"

TEXT = """/* registers */
void knlist_add(struct knlist *knl, struct knote *kn, int islocked)
{
  SLIST_INSERT_HEAD(&knl->kl_list, kn, kn_selnext);
  KQ_LOCK(kn->kn_kq);
  kn->kn_status &= ~KN_DETACHED;
  KQ_UNLOCK(kn->kn_kq);
}
"""
UNLOCK = "  KQ_UNLOCK(kn->kn_kq);\n"
CONFIG = {"system": "freebsd", "revision": "kqueue-10.4",
          "scenario": {"threads": {"p": ["kevent add proc p exit", "exit"]}},
          "expect": {"holds": True}}
C = "sys/kern/kern_event.c"

problems = []


def expect(condition, what, output=""):
    if not condition:
        problems.append(f"{what}\n{output}")


class Repository:
    def __init__(self, folder, program):
        self.folder = folder
        self.work = folder / "work"
        self.env = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"),
                    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
                    "PATH": f"{pathlib.Path(program).resolve().parent}:{os.environ['PATH']}"}
        subprocess.run(["git", "init", "-q", "--bare", folder / "remote"], check=True, env=self.env)
        subprocess.run(["git", "init", "-q", "-b", "main", self.work], check=True, env=self.env)
        for name, value in {"user.name": "t", "user.email": "t@example.org",
                            "interlock.revision": "kqueue-10.4"}.items():
            self.git("config", name, value)
        self.git("remote", "add", "origin", str(folder / "remote"))

    def git(self, *arguments):
        return subprocess.run(["git", *arguments], cwd=self.work, env=self.env, check=True,
                              capture_output=True, text=True).stdout.strip()

    def commit(self, files):
        for name, text in files.items():
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")
        return self.git("rev-parse", "HEAD")

    def bash(self, script, env):
        (self.folder / "temp").mkdir(exist_ok=True)
        return subprocess.run(["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
                              cwd=self.work, env={**self.env, **env}, capture_output=True, text=True)


def with_expressions(text, values):
    """What `${{ NAME }}` stands for; only names, and `A || B`."""
    def value(match):
        return next((values[name.strip()] for name in match.group(1).split("||")
                     if values.get(name.strip())), "")
    return re.sub(r"\$\{\{(.*?)\}\}", value, text)


def github(repository, base, head):
    action = yaml.safe_load((JOBS / "github" / "action.yml").read_text())
    values = {"github.sha": head, "github.event.before": base,
              "runner.temp": str(repository.folder / "temp")}
    given = {"tree": ".", "revision": "kqueue-10.4"}
    for name, definition in action["inputs"].items():
        values[f"inputs.{name}"] = given.get(name, with_expressions(definition["default"], values))
    step = next(step for step in action["runs"]["steps"] if "run" in step)
    summary = repository.folder / "temp" / "summary.md"
    env = {name: with_expressions(text, values) for name, text in step["env"].items()}
    done = repository.bash(step["run"], {**env, "GITHUB_EVENT_NAME": "pull_request",
                                         "GITHUB_OUTPUT": os.devnull,
                                         "GITHUB_STEP_SUMMARY": str(summary)})
    return done, summary.read_text()


def gitlab(repository, base, head):
    job = yaml.safe_load((JOBS / "gitlab.yml").read_text())["interlock"]
    env = {**job["variables"], "INTERLOCK_REVISION": "kqueue-10.4",
           "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": head}
    return repository.bash("\n".join(job["script"]), env)


def main(program):
    with tempfile.TemporaryDirectory() as name:
        repository = Repository(pathlib.Path(name), program)
        config = json.dumps(CONFIG, indent=2)
        # What the jobs write is not theirs to commit.
        base = repository.commit({C: TEXT, "configs/registers.json": config,
                                  ".gitignore": ".interlock/\n"})
        repository.git("push", "-q", "origin", "main")
        shutil.copy(JOBS / "pre-push", repository.work / ".git" / "hooks" / "pre-push")

        harmless = repository.commit({C: TEXT.replace("registers", "registers a knote"),
                                      "README": "a file that no model knows\n"})
        done, summary = github(repository, base, harmless)
        expect(done.returncode == 0, "GitHub: a comment fails", done.stdout + done.stderr)
        expect("::error" not in done.stdout, "GitHub: a comment is annotated", done.stdout)
        done = gitlab(repository, base, harmless)
        expect(done.returncode == 0, "GitLab: a comment fails", done.stdout + done.stderr)
        pushed = subprocess.run(["git", "push", "-q", "origin", "main"], cwd=repository.work,
                                env=repository.env, capture_output=True, text=True)
        expect(pushed.returncode == 0, "the hook: a comment is refused", pushed.stderr)

        broken = repository.commit({C: TEXT.replace("registers", "registers a knote")
                                    .replace(UNLOCK, "")})
        done, summary = github(repository, harmless, broken)
        expect(done.returncode != 0, "GitHub: a lost unlock passes", done.stdout + done.stderr)
        expect(f"::error file={C},line=6,title=configs/registers.json" in done.stdout,
               "GitHub: no annotation where the unlock was", done.stdout)
        expect("lock-recursion" in summary and "kern_event.c:5: KQ_LOCK(kn->kn_kq)" in summary,
               "GitHub: no story in the summary", summary)
        done = gitlab(repository, harmless, broken)
        expect(done.returncode != 0, "GitLab: a lost unlock passes", done.stdout + done.stderr)
        pushed = subprocess.run(["git", "push", "-q", "origin", "main"], cwd=repository.work,
                                env=repository.env, capture_output=True, text=True)
        expect(pushed.returncode != 0, "the hook: a lost unlock is pushed", pushed.stderr)

        # What is merged is reviewed, not what others have broken since.
        repository.git("checkout", "-q", "-b", "topic", harmless)
        repository.commit({"NEWS": "another file\n"})
        repository.git("checkout", "-q", "main")
        repository.git("merge", "-q", "--no-edit", "topic")
        done, summary = github(repository, harmless, repository.git("rev-parse", "HEAD"))
        expect(done.returncode == 0, "GitHub: a pull request fails for another's change",
               done.stdout + done.stderr)
        repository.git("reset", "-q", "--hard", broken)

        repository.git("revert", "--no-edit", broken)
        patched = json.dumps({**CONFIG, "patches": [{"drop": "knlist_add.mtx_unlock_kq_lock"}]})
        gated = repository.commit({"configs/registers.json": patched})
        done, summary = github(repository, gated, gated)
        expect(done.returncode == 17, "GitHub: a config that differs passes", done.stdout)
        expect("::error file=" in done.stdout, "GitHub: a difference is not annotated", done.stdout)
    print("\n".join(problems) or "all as meant")
    return 1 if problems else 0


sys.exit(main(*sys.argv[1:]))
