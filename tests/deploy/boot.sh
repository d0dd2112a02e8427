#!/bin/sh
# Boots a systemd in namespaces of its own, over a layer that forgets: boot.sh FOLDER PROJECT
# Run by `unshare --pid --mount --cgroup --uts --ipc --net --fork`. What it does is seen by nobody else:
# the machine's files are below, and nothing is written to them; the network is a loopback of its own.
set -eu

folder=$1 project=$2
root=$folder/root opt=$folder/root/opt/heraldcrawl
mount --make-rprivate /
mkdir -p "$folder/layer" "$root"
mount -t tmpfs tmpfs "$folder/layer"
mkdir "$folder/layer/upper" "$folder/layer/work"
mount -t overlay overlay \
	-o "lowerdir=/,upperdir=$folder/layer/upper,workdir=$folder/layer/work" "$root"

mount -t proc proc "$root/proc"
mount -o bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,ro,bind "$root/proc/sys"
mount --rbind /dev "$root/dev"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
	mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
else
	mkdir "$root/sys/fs/cgroup/systemd" "$root/sys/fs/cgroup/unified"
	mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
	mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/unified"
fi
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"

# Nothing of this machine is started there but the journal.
rm -rf "$root"/etc/systemd/system/* "$root/opt/heraldcrawl" "$root/var/lib/heraldcrawl" "$root/etc/heraldcrawl"
for wants in "$root"/lib/systemd/system/*.target.wants/*; do
	case $wants in *journald*) ;; *) rm "$wants" ;; esac
done

# The project as a clone would lie there, and its environment, for Debian's Python.
mkdir -p "$opt"
cp -R "$folder/clone/." "$opt"
python=python$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
/usr/bin/python3 -m venv --without-pip "$folder/root/opt/heraldcrawl/.venv"
mount -o bind "$project/.venv/lib/$python/site-packages" "$opt/.venv/lib/$python/site-packages"
for script in "$project"/.venv/bin/*; do
	[ ! -f "$script" ] || [ -e "$opt/.venv/bin/${script##*/}" ] ||
		sed "1s|^#!.*python.*|#!/opt/heraldcrawl/.venv/bin/python|" "$script" >"$opt/.venv/bin/${script##*/}"
done
chmod +x "$opt"/.venv/bin/*
touch "$opt/.venv/installed-crawl"
touch "$opt/.venv/installed-deploy"

ip link set lo up
cd "$root"
mkdir -p below
pivot_root . below
umount -l below
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	/lib/systemd/systemd --system --unit=basic.target --show-status=no --log-target=null
