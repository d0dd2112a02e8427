#!/bin/sh
# Runs a job of deploy/timetable by its name; timers and the crontab do. What gives Scrapyd a job does so
# one after the other: when a machine comes up after a night, a hundred of them are due at once.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd)
home=${HERALD_HOME:-$project/data}
mkdir -p "$home/timetable"
exec 9>"$home/timetable/.lock"
! command -v flock >/dev/null || flock 9
exec "$project/deploy/timetable.py" run "$1"
