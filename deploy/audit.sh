#!/bin/sh
# Looks for known vulnerabilities in the locked packages: make audit. Status 1: there are some.
# Where the list of them (OSV's, or OSV_URL) cannot be reached, it says that it did not look, and that
# is status 0: a machine without a network shall pass, and a person shall see.
set -eu

cd "$(dirname "$0")/.."
PATH=$PWD/.venv/bin:$PATH
url=${OSV_URL:-https://api.osv.dev/v1/query}
reach='
import sys, urllib.error, urllib.request
try:
    urllib.request.urlopen(sys.argv[1], timeout=10)
except urllib.error.HTTPError:
    pass  # it answers; the question was not one
except OSError as error:
    sys.exit(str(getattr(error, "reason", error)))
'
if ! why=$(python -c "$reach" "$url" 2>&1); then
	echo "NOT AUDITED for known vulnerabilities: $url cannot be reached ($why)"
	exit 0
fi
exec pip-audit --vulnerability-service osv --osv-url "$url" --disable-pip --progress-spinner off \
	--requirement requirements.txt --requirement deploy/requirements.txt
