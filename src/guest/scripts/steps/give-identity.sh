# shellcheck shell=bash
# A process of its own stops at its first failure, which is no reason to go on without packages.
give_identity &
wait "$!" || echo '>>> Warning: this VM could not be given a hostname, machine id and SSH host keys of its own'
