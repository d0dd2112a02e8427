#!/bin/sh
# Packs the project into an egg and gives it to Scrapyd: deploy/deploy.sh [TARGET of scrapy.cfg]
# Jobs that run go on with the version that they started with; later ones use the new one.
set -eu

cd "$(dirname "$0")/.."
PATH=$PWD/.venv/bin:$PATH
unset PYTHONDONTWRITEBYTECODE # each job would compile the egg again
if [ -n "${SCRAPYD_PASSWORD_FILE:-}" ]; then
	SCRAPYD_PASSWORD=$(python -m heraldcrawl.secret SCRAPYD_PASSWORD)
	export SCRAPYD_PASSWORD # scrapy.cfg names it
fi

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
trap 'exit 1' INT TERM
mkdir "$build/info"
# As setup.py would, without a setup.py. Its metadata must not lie below the build folder, which is
# left out of the egg; building in a new folder keeps out what was deleted since the last time.
python -W ignore -c 'from setuptools import setup; setup()' -q \
	egg_info --egg-base "$build/info" \
	build --build-base "$build/build" \
	bdist_egg --bdist-dir "$build/bdist" --dist-dir "$build/dist"
scrapyd-deploy --egg "$build"/dist/*.egg "$@"
