#!/bin/sh
# Runs Scrapyd in the foreground, for heraldcrawl. All that it keeps is in HERALD_HOME/scrapyd.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd)
: "${SCRAPYD_USERNAME:?is not set, and without a name and a password everybody may start jobs}"
: "${SCRAPYD_PASSWORD:?is not set, and without a name and a password everybody may start jobs}"

home=${HERALD_HOME:-$project/data}
mkdir -p "$home/scrapyd"
HERALD_HOME=$(cd "$home" && pwd) # jobs run elsewhere: the path must be absolute
PATH=$project/.venv/bin:$PATH
export HERALD_HOME PATH

command -v scrapyd >/dev/null || { echo 'Scrapyd is not installed: run "make scrapyd" once' >&2; exit 1; }
cd "$HERALD_HOME/scrapyd"
ln -sf "$project/deploy/scrapyd.conf" scrapyd.conf
# Without a pid file: after a kill, an old one would keep Scrapyd from starting.
exec scrapyd --pidfile=
