#!/bin/sh
# Brings an installation up to the newest version: make upgrade, as root. A backup comes first.
set -eu

cd "$(dirname "$0")/.."
heraldcrawl scrapy db backup
git pull --ff-only
exec make install
