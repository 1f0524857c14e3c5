# shellcheck shell=bash
# A bare display manager does not bring NetworkManager.
if systemctl cat NetworkManager.service > /dev/null 2>&1; then
  systemctl restart NetworkManager.service
else
  echo 'NetworkManager is not installed, the network stays as it is'
fi
systemctl disable systemd-networkd-wait-online.service 2> /dev/null || echo 'systemd-networkd-wait-online.service was not enabled'
