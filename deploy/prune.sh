#!/bin/sh
# Removes what is old: feeds after FEED_DAYS (90; empty ones after 7), logs of jobs after LOG_DAYS (90),
# and the oldest backups when there are more than BACKUPS (14). Never stories: they are in the database.
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
old "$home/scrapyd/logs" -name '*.log' -mtime "+${LOG_DAYS:-90}"
old "$home/backups" -name '.*.part' -mtime +1 # of a backup that was killed

# By number, not by age: if no new ones come, the old ones are all there is. Their names tell the time.
[ ! -d "$home/backups" ] || find "$home/backups" -type f -name '*.dump' | sort -r |
	tail -n "+$((${BACKUPS:-14} + 1))" | while IFS= read -r backup; do
	printf '%s\n' "$backup"
	rm -- "$backup"
done
