"""`autograder class`: the page, the terminal's tables, the JSON, and one line for bad input."""

import json
import shutil


def test_the_command_writes_the_page_and_prints_the_numbers(steps, run_cli, tmp_path):
    done = run_cli("class", "--course", steps.root)
    path = steps.root / "overview" / "class.html"
    assert done.exit_code == 0 and f"wrote {path}" in done.stderr
    assert "No named mistake is shared by two learners." in done.stdout and "The stride was ignored." in done.stdout
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    out = tmp_path / "new" / "page.html"
    done = run_cli("class", "conv2d", "--course", steps.root, "--out", out, "--anonymous", "--student", "ben")
    assert done.exit_code == 0 and "1 learner, chosen by --student, by random numbers" in out.read_text("utf-8")
    assert "ben" not in done.stdout


def test_json_prints_numbers_and_writes_nothing(steps, run_cli):
    shutil.rmtree(steps.root / "overview", ignore_errors=True)
    before = sorted(steps.root.rglob("*"))
    done = run_cli("class", "--json", "--course", steps.root)
    told = json.loads(done.stdout)
    assert sorted(steps.root.rglob("*")) == before
    assert told["schema"] == "autograder/class/v1" and told["learners"] == ["ada", "ben", "cleo", "dan"]
    conv2d = told["steps"][0]
    assert conv2d["handed_in"] == 3 and conv2d["results"]["partly"] == 1 and conv2d["checks"][0]["failed"] == 1
    assert {each["id"]: each["learners"] for each in told["mistakes"]} == {
        "kernel-flipped": ["cleo"],
        "stride-ignored": ["ben"],
    }
    assert told["needs_help"] == {"cleo": ["0 of 10 points for conv2d"]}


def test_bad_input_gets_one_line(steps, run_cli, tmp_path):
    done = run_cli("class", "--course", steps.root, "--student", "nobody")
    assert done.exit_code == 2 and "there is no learner 'nobody'" in done.stderr and done.stderr.count("\n") == 1
    (tmp_path / "file").touch()
    done = run_cli("class", "--course", steps.root, "--out", tmp_path / "file" / "page.html")
    assert done.exit_code == 2 and "cannot be written" in done.stderr and "Traceback" not in done.stderr
