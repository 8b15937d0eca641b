# shellcheck shell=bash
# A private PostgreSQL cluster of this checkout, on a unix socket and nowhere else.
#
# It serves throw-away databases: fsync is off, so a crash of the machine may
# corrupt it (then `make clean`). PGHOST in the environment names another cluster,
# which is then used as it is.
#
# Who stops it? Every run holds a shared lock on `users` for as long as it lives,
# however it ends: the kernel lets go of it. A watcher waits for the exclusive
# lock, that is until nobody uses the cluster, stops it and ends.

PG_LOCKS=$STATE/locks

provide_postgres() {
    [[ -z ${PGHOST:-} ]] || return 0
    locate_postgres || die "PostgreSQL's programs were not found in /usr/lib/postgresql."
    exec 9>"$PG_LOCKS/users"
    flock -s 9 # kept open by the program that takes our place
    with_lock "$PG_LOCKS/start" ensure_running
    export PGHOST=$PG_SOCKETS PGUSER=odoo PGDATABASE=
    unset PGDATABASE PGPORT
}

locate_postgres() {
    PG_BIN=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    [[ -n $PG_BIN ]] || return 1
    PG_OWNER=$(id -un)
    ((EUID != 0)) || PG_OWNER=postgres # PostgreSQL refuses to run as root
    PG_SOCKETS=$(socket_folder)
    PG_DATA=$(data_folder)
}

# A socket's path may have 107 bytes at most, so it cannot lie in the checkout.
socket_folder() {
    local parent=/tmp
    if ((EUID != 0)) && [[ -d ${XDG_RUNTIME_DIR:-} && -O ${XDG_RUNTIME_DIR:-} ]]; then
        parent=$XDG_RUNTIME_DIR
    fi
    echo "$parent/$ADDON-$EUID-$CHECKOUT_ID"
}

# In .dev/, unless the user who runs PostgreSQL cannot get there (a checkout in
# root's home).
data_folder() {
    local version
    version=$(basename "$(dirname "$PG_BIN")")
    if as_owner test -x "$STATE"; then
        echo "$STATE/postgres-$version"
    else
        echo "/var/tmp/$ADDON-$EUID-$CHECKOUT_ID-postgres-$version"
    fi
}

as_owner() {
    if ((EUID == 0)); then
        (cd / && exec setpriv --reuid="$PG_OWNER" --regid="$(id -g "$PG_OWNER")" --init-groups -- "$@")
    else
        "$@"
    fi
}

# Folders below /tmp have names that others can guess: take none that they made.
make_private() { # FOLDER
    if mkdir -m 700 "$1" 2>/dev/null; then
        chown "$PG_OWNER" "$1"
    fi
    [[ ! -L $1 && $(stat -c '%U %a' "$1") == "$PG_OWNER 700" ]] ||
        die "$1 is not a private folder of $PG_OWNER; remove it."
}

ensure_running() {
    exec 9>&- # the server must not hold our lock
    make_private "$PG_SOCKETS"
    [[ -f $PG_DATA/ready ]] || create_cluster
    is_running || start_cluster
    start_watcher
}

create_cluster() {
    rm -rf "$PG_DATA"
    make_private "$PG_DATA"
    as_owner "$PG_BIN/initdb" --pgdata="$PG_DATA" --username=odoo --auth=trust \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$STATE/logs/postgres.log" 2>&1 ||
        { cat "$STATE/logs/postgres.log" >&2; die "initdb failed."; }
    as_owner tee -a "$PG_DATA/postgresql.conf" >/dev/null <"$ROOT/dev/postgresql.conf"
    as_owner touch "$PG_DATA/ready"
}

is_running() { as_owner "$PG_BIN/pg_ctl" status -D "$PG_DATA" >/dev/null 2>&1; }

start_cluster() {
    as_owner "$PG_BIN/pg_ctl" start --silent --wait -D "$PG_DATA" -l "$PG_DATA/server.log" \
        -o "-c unix_socket_directories='$PG_SOCKETS'" </dev/null >/dev/null 2>&1 ||
        { tail -n 20 "$PG_DATA/server.log" >&2; die "PostgreSQL did not start."; }
}

stop_cluster() {
    as_owner "$PG_BIN/pg_ctl" stop --silent --wait -m fast -D "$PG_DATA"
    rmdir "$PG_SOCKETS" 2>/dev/null || true
}

# Of its own session, so that Ctrl-C in the terminal does not end it first.
start_watcher() {
    PG_BIN=$PG_BIN PG_OWNER=$PG_OWNER PG_DATA=$PG_DATA PG_SOCKETS=$PG_SOCKETS \
        setsid --fork "$ROOT/dev/lib/watch-postgres" </dev/null >/dev/null 2>&1
}

# For scripts that outlive their last use of the cluster: returns when it is down,
# or at once if another run still uses it.
release_postgres() {
    [[ -n ${PG_DATA:-} ]] || return 0
    exec 9>&-
    local try
    for try in $(seq 50); do
        is_running || return 0
        [[ $try == 1 ]] || sleep 0.1
    done
}
