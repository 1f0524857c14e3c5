# shellcheck shell=bash
for unit in spice-vdagent.socket spice-vdagent.service; do
  systemctl start "$unit" 2> /dev/null || echo "$unit was not started"
done
