# Sourced by the acceptance scripts: a cell of separate processes in a directory of its own.
# Every process is ended by its id; everything is removed at the end.
set -u
root=$(CDPATH= cd -P -- "$(dirname -- "$0")/.." && pwd)
cairn=$root/cairn
work=$(mktemp -d "${TMPDIR:-/tmp}/cairn-acceptance.XXXXXX")
chunkservers=${CHUNKSERVERS:-3}
failures=0

say() { printf '%s\n' "$*"; }
fail() { say "FAILED: $*"; failures=$((failures + 1)); }

cleanup() {
    for file in "$work"/*.pid; do
        [ -f "$file" ] && kill -9 "$(cat "$file")" 2>/dev/null
    done
    wait 2>/dev/null
    [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# start NAME ARGUMENTS...: starts a server and waits for its "listening on" line; its address is in NAME.address.
start() {
    name=$1
    shift
    : >"$work/$name.out"
    "$cairn" "$@" >"$work/$name.out" 2>>"$work/$name.log" &
    echo $! >"$work/$name.pid"
    tries=0
    until grep -q 'listening on' "$work/$name.out"; do
        tries=$((tries + 1))
        if [ $tries -gt 300 ] || ! kill -0 "$(cat "$work/$name.pid")" 2>/dev/null; then
            say "$name did not start:"
            tail -5 "$work/$name.log"
            exit 1
        fi
        sleep 0.1
    done
    sed -n 's/.*listening on \([^ ]*\).*/\1/p' "$work/$name.out" | head -1 >"$work/$name.address"
}

start_master() {
    listen=127.0.0.1:0
    [ -f "$work/master.address" ] && listen=$(cat "$work/master.address")
    start master master --dir "$work/master" --listen "$listen"
    CAIRN_CELL=$(cat "$work/master.address")
    export CAIRN_CELL
}

start_chunkserver() {
    listen=127.0.0.1:0
    [ -f "$work/cs$1.address" ] && listen=$(cat "$work/cs$1.address")
    start "cs$1" chunkserver --dir "$work/cs$1" --master "$CAIRN_CELL" --listen "$listen"
}

start_cell() {
    start_master
    for i in $(seq "$chunkservers"); do
        start_chunkserver "$i"
    done
}

# kill_server NAME: kill -9, as a crash.
kill_server() {
    pid=$(cat "$work/$1.pid")
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
}

kill_cell() {
    kill_server master
    for i in $(seq "$chunkservers"); do
        kill_server "cs$i"
    done
}

# chunks_of PATH: the handle and length of each of its chunks.
chunks_of() {
    "$cairn" locate --json "$1" | tr -d ' \n' | grep -oE '"chunk":"[0-9a-f]+"[^{}]*"length":[0-9]+' |
        sed -E 's/"chunk":"([0-9a-f]+)".*"length":([0-9]+)/\1 \2/'
}

# CPU seconds (user and system) that the servers have used so far.
server_cpu() {
    ticks=0
    for file in "$work"/*.pid; do
        stat=$(sed 's/.*) //' "/proc/$(cat "$file")/stat")
        set -- $stat
        ticks=$((ticks + ${12} + ${13}))
    done
    echo "$ticks" | awk -v hz="$(getconf CLK_TCK)" '{printf "%.2f", $1 / hz}'
}

finish() {
    if [ $failures -gt 0 ]; then
        say "$failures failed"
        exit 1
    fi
    exit 0
}
