# shellcheck shell=sh
# Turns a fresh minimal installation ($1) into what a cirruslabs Ubuntu image looks like from outside. Runs on the host.
set -eu
root=$1

echo ubuntu > "$root/etc/hostname"
printf '127.0.0.1 localhost\n127.0.1.1 ubuntu\n' > "$root/etc/hosts"
# The build machine's resolver must not leak in; without one, look-ups fail at once instead of waiting.
rm -f "$root/etc/resolv.conf"
: > "$root/etc/resolv.conf"
# One machine id and one set of host keys for all clones, as baked images have.
chroot "$root" systemd-machine-id-setup
chroot "$root" ssh-keygen -A

chroot "$root" useradd --create-home --shell /bin/bash --uid 1000 --groups sudo admin
echo admin:admin | chroot "$root" chpasswd
echo 'admin ALL=(ALL) NOPASSWD:ALL' > "$root/etc/sudoers.d/admin"
chmod 0440 "$root/etc/sudoers.d/admin"
mkdir -p "$root/etc/ssh/sshd_config.d"
echo 'PasswordAuthentication yes' > "$root/etc/ssh/sshd_config.d/50-password.conf"

# The agent's program is mounted over this file at boot. As in the real package: no Restart=.
install -m 0755 /dev/null "$root/usr/local/bin/tart-guest-agent"
cat > "$root/etc/systemd/system/tart-guest-agent.service" <<'UNIT'
[Unit]
Description=Guest agent for Tart

[Service]
Type=exec
User=admin
ExecStart=/usr/local/bin/tart-guest-agent /run/tart-guest-agent/agent.sock

[Install]
WantedBy=multi-user.target
UNIT
chroot "$root" systemctl enable ssh.service systemd-networkd.service tart-guest-agent.service
# Nobody waits for the network here, and there is no hardware that these could manage.
chroot "$root" systemctl mask systemd-networkd-wait-online.service console-getty.service e2scrub_reap.service e2scrub_all.timer
# Nor are there disks and command lines to read, at each start and after each package.
mkdir -p "$root/etc/systemd/system-generators"
for read in cryptsetup debug gpt-auto hibernate-resume integritysetup system-update veritysetup; do
  ln -s /dev/null "$root/etc/systemd/system-generators/systemd-$read-generator"
done
# Logs stay readable on the next boot.
mkdir -p "$root/var/log/journal"

# The system is thrown away with its test: installing packages need not wait for the disk.
echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
# First boot would otherwise rebuild caches that are fresh.
touch "$root/etc/.updated" "$root/var/.updated"
