#!/bin/sh
# Removes what is old: feeds after FEED_DAYS (90; empty ones after 7), logs of jobs after LOG_DAYS (30),
# and all but the newest BACKUPS (14) and ten versions of the project. Never stories: they are in the
# database.
set -eu

home=${HERALD_HOME:-$(cd "$(dirname "$0")/.." && pwd)/data}

# A file that is still written to has been changed lately.
old() {
	folder=$1
	shift
	[ ! -d "$folder" ] || find "$folder" -type f "$@" -print -delete
}
old "$home/feeds" -name '*.jsonl' -size 0 -mtime +7
old "$home/feeds" -name '*.jsonl' -mtime "+${FEED_DAYS:-90}"
old "$home/scrapyd/logs" -name '*.log' -mtime "+${LOG_DAYS:-30}"
old "$home/backups" -name '.*.part' -mtime +1 # of a backup that was killed

# By number, not by age: where no new ones come, the old ones are all there is. Names tell the time.
surplus() {
	[ ! -d "$1" ] || find "$1" -type f -name "$2" | sort -r | tail -n "+$(($3 + 1))" |
		while IFS= read -r file; do
			printf '%s\n' "$file"
			rm -- "$file"
		done
}
surplus "$home/backups" '*.dump' "${BACKUPS:-14}"
surplus "$home/scrapyd/eggs" '*.egg' 10
