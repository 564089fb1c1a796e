#!/bin/sh
# PrairieLearn runs this for each submission, in an image that has the kit in /kit. results.json says "no verdict" from
# the first line on, so that a run that fails, hangs or is killed ends with a file that says so.
results=/grade/results/results.json
course=/grade/serverFilesCourse/autograder
mkdir -p /grade/results
cp "$course/no_verdict.json" "$results"

# info.json lets a run take ten minutes.
timeout --kill-after=10 570 /kit/.venv/bin/autograder grade-one /grade/student \
    --assignment "$1" --format prairielearn --out "$results" --course "$course" 2>&1
exit 0
