#!/bin/sh
# What the container runs: Scrapyd, which is given the project as soon as it answers.
set -eu

cd "$(dirname "$0")/.."
(python -m heraldcrawl.scrapyd 60 && deploy/deploy.sh) &
exec deploy/scrapyd.sh
