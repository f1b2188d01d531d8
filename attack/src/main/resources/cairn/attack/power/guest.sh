#!/bin/sh
# The first process of the guest. The host's files are its root, read-only; $CAIRN_DIR is the test's directory there.
#   $CAIRN_MODE   write   the data disk is ubda, every write to it is logged on ubdb; works until the host ends the guest
#                 verify  the data disk is ubda; starts the cell, looks at everything, says so, and powers off
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/run LC_ALL=C.UTF-8
say() { echo "guest: $*"; }
give_up() {
    say "cannot: $*"
    echo o >/proc/sysrq-trigger
    sleep 10
}
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev 2>/dev/null
mount -t tmpfs tmpfs /run
ip link set lo up || give_up "bring loopback up"
. "$CAIRN_DIR/guest.env"

data=/dev/ubda
if [ "$CAIRN_MODE" = write ]; then
    modules=/usr/lib/uml/modules/$(uname -r)/kernel/drivers/md
    for module in dm-mod dm-log-writes; do
        insmod "$modules/$module.ko" 2>/dev/null
    done
    sectors=$(blockdev --getsz /dev/ubda)
    dmsetup create log --noudevsync --table "0 $sectors log-writes /dev/ubda /dev/ubdb" || give_up "set up the write log"
    dmsetup mknodes
    data=/dev/mapper/log
fi
mount -t ext4 "$data" /mnt || give_up "mount the data disk"
"$CAIRN_JAVA" "@$CAIRN_DIR/cell.args" >/run/cell.log 2>&1 &
cell=$!
tries=0
until grep -q '^ready:' /run/cell.log; do
    tries=$((tries + 1))
    kill -0 $cell 2>/dev/null && [ $tries -lt 600 ] || {
        cat /run/cell.log
        give_up "start the cell"
    }
    sleep 0.2
done
say "the cell is up"
"$CAIRN_JAVA" "@$CAIRN_DIR/work.args" "$CAIRN_MODE" $(echo "$CAIRN_EXPECTED" | tr , " ")
outcome=$?
[ $outcome -eq 0 ] || cat /run/cell.log
say "ended with $outcome"
sync
echo o >/proc/sysrq-trigger
sleep 10
