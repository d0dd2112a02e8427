#!/bin/sh
# Runs Scrapyd in the foreground, for heraldcrawl. All that it keeps is in HERALD_HOME/scrapyd.
# SIGTERM or Ctrl-C ends its jobs in order, and then Scrapyd.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd)
home=${HERALD_HOME:-$project/data}
PATH=$project/.venv/bin:$PATH
command -v scrapyd >/dev/null || { echo 'Scrapyd is not installed: run "make scrapyd" once' >&2; exit 1; }

# Without a name and a password everybody on this machine could start jobs.
: "${SCRAPYD_USERNAME:?is not set}"
SCRAPYD_PASSWORD=$(cd "$project" && python -m heraldcrawl.secret SCRAPYD_PASSWORD)
# Nobody else can reach it, whatever a configuration file elsewhere says.
: "${SCRAPYD_BIND_ADDRESS:=127.0.0.1}"

mkdir -p "$home/scrapyd"
HERALD_HOME=$(cd "$home" && pwd) # jobs run elsewhere: the path must be absolute
PYTHONPATH=$project/deploy # the launcher; never the project, whose eggs the jobs run
export HERALD_HOME PATH PYTHONPATH SCRAPYD_BIND_ADDRESS SCRAPYD_PASSWORD

cd "$HERALD_HOME/scrapyd"
ln -sf "$project/deploy/scrapyd.conf" scrapyd.conf
# Without a pid file: after a kill, an old one would keep Scrapyd from starting.
exec scrapyd --pidfile=
