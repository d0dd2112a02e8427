#!/bin/sh
# Runs a command as the jobs run: in the project's folder, with the installation's settings, as its
# user. Services, the crontab and the operator use it; it is installed as /usr/local/bin/heraldcrawl.
#   heraldcrawl scrapy ledger list
# The settings are those of HERALDCRAWL_ENVIRONMENT, else of /etc/heraldcrawl/environment if that is
# there; what is set already is overruled by them.
set -eu

project=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
settings=${HERALDCRAWL_ENVIRONMENT:-/etc/heraldcrawl/environment}
if [ -e "$settings" ]; then
	set -a
	# shellcheck source=/dev/null
	. "$settings"
	set +a
elif [ -n "${HERALDCRAWL_ENVIRONMENT:-}" ]; then
	echo "HERALDCRAWL_ENVIRONMENT=$settings: there is no such file" >&2
	exit 1
fi
PATH=$project/.venv/bin:$PATH
export PATH
cd "$project"
[ $# -gt 0 ] || { echo "Which command? For instance: heraldcrawl scrapy list" >&2; exit 2; }

if [ "$(id -u)" = 0 ] && [ -n "${HERALD_USER:-}" ]; then
	export HOME="$HERALD_HOME" USER="$HERALD_USER" LOGNAME="$HERALD_USER"
	exec setpriv --reuid="$HERALD_USER" --regid="$HERALD_USER" --init-groups -- "$@"
fi
exec "$@"
