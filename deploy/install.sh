#!/bin/sh
# Installs heraldcrawl as services of systemd, or brings an installation up to the version that lies
# here. As root: make install. What is there of settings, passwords and data stays as it is.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd)
settings=/etc/heraldcrawl
units=/etc/systemd/system
user=heraldcrawl
home=/var/lib/heraldcrawl
cd "$project"
[ "$(id -u)" = 0 ] || { echo 'make install is for root: it makes a user and services' >&2; exit 1; }
command -v systemctl >/dev/null || { echo 'There is no systemd here; README.md of deploy/ says what to do without' >&2; exit 1; }
case $project in /home/* | /root/* | /run/user/*)
	echo "The services see nothing of $project: they have no business in home directories. Put it in /opt/heraldcrawl" >&2
	exit 1 ;;
esac

# Programs that are in use are not exchanged: the jobs end in order, and are taken up again.
is_active=$(systemctl is-active heraldcrawl.target || true)
if ! make -q .venv/installed-deploy; then
	[ "$is_active" != active ] || systemctl stop heraldcrawl.target heraldcrawl-scrapyd heraldcrawl-database
	make .venv/installed-deploy
fi
.venv/bin/python -m compileall -q heraldcrawl deploy # their user could not

systemd-sysusers --inline "u $user - 'heraldcrawl' $home"
install -d -m 0700 -o "$user" -g "$user" "$home"
install -d -m 0750 -g "$user" "$settings"
[ -e "$settings/environment" ] || install -m 0640 -g "$user" deploy/environment "$settings/environment"
if [ ! -e "$settings/scrapyd-password" ]; then
	(umask 077 && head -c 24 /dev/urandom | base64 >"$settings/scrapyd-password")
	chown "$user:$user" "$settings/scrapyd-password"
fi
ln -sf "$project/deploy/run.sh" /usr/local/bin/heraldcrawl

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
cp -R deploy/systemd/. "$made"
.venv/bin/python deploy/timetable.py timers "$made"
sed -i "s|@PROJECT@|$project|g" "$made"/*.service
for unit in "$units"/heraldcrawl*; do # what the timetable no longer has
	[ -e "$made/${unit##*/}" ] || [ ! -e "$unit" ] || {
		[ -d "$unit" ] || systemctl stop "${unit##*/}"
		rm -r "$unit"
	}
done
cp -R "$made"/. "$units"
systemctl daemon-reload

# Jobs that run go on, unless what they stand on is another now.
stands_on=$(cat requirements.txt deploy/requirements.txt deploy/scrapyd.* deploy/launcher.py deploy/run.sh \
	deploy/systemd/*.service deploy/systemd/*/* | sha256sum)
before=$(cat .venv/stands-on 2>/dev/null || true)
printf '%s\n' "$stands_on" >.venv/stands-on
if [ "$is_active" != active ]; then
	printf '%s\n' 'heraldcrawl is installed. Next:' \
		"  set CONTACT in $settings/environment" \
		'  systemctl start heraldcrawl-scrapyd' \
		'  heraldcrawl make deploy' \
		'  systemctl enable --now heraldcrawl.target'
	exit
fi
[ "$stands_on" = "$before" ] || systemctl stop heraldcrawl-scrapyd heraldcrawl-database
systemctl start heraldcrawl.target
systemctl try-restart heraldcrawl-metrics # where it was switched on
heraldcrawl make deploy
