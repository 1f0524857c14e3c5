# shellcheck shell=bash
put_file 644 /etc/systemd/system/rusta-clock.service <<UNIT
[Unit]
Description=Set the clock by the hardware clock, which the Mac keeps right
ConditionPathExists=/sys/class/rtc/rtc0/since_epoch

[Service]
Type=oneshot
ExecStart=$STEP_CLOCK
# It runs twice a minute: only what it has to say itself is worth a line in the journal.
SyslogLevel=notice
LogLevelMax=notice
UNIT
put_file 644 /etc/systemd/system/rusta-clock.timer <<'UNIT'
[Unit]
Description=Keep the clock right after each sleep of the Mac
ConditionPathExists=/sys/class/rtc/rtc0/since_epoch

[Timer]
OnActiveSec=30s
OnUnitActiveSec=30s
AccuracySec=5s

[Install]
WantedBy=timers.target
UNIT
systemctl daemon-reload
systemctl enable --now rusta-clock.timer || echo 'The timer of the clock was not started'
