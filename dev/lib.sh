# shellcheck shell=bash
# Shared by the scripts in dev/: where things are, and how what is missing gets there.
#
#   downloads (Odoo, the Python environment)   in the user's cache, shared between clones
#   PostgreSQL, filestore, generated config    in .dev/ of this checkout, ignored by git

set -euo pipefail

ADDON=wz_skill_cert
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
STATE=$ROOT/.dev
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/$ADDON
CHECKOUT_ID=$(printf %s "$ROOT" | cksum | tr -d ' ')

mkdir -p "$STATE"/{locks,data,logs} "$CACHE/odoo" "$CACHE/python"

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# Runs a function while no other process does so under the same lock file.
with_lock() { # FILE FUNCTION ARGS…
    local file=$1
    shift
    (
        flock 7
        "$@" 7>&-
    ) 7>"$file"
}

# shellcheck source=dev/lib/system.sh
. "$ROOT/dev/lib/system.sh"
# shellcheck source=dev/lib/odoo.sh
. "$ROOT/dev/lib/odoo.sh"
# shellcheck source=dev/lib/python.sh
. "$ROOT/dev/lib/python.sh"
# shellcheck source=dev/lib/postgres.sh
. "$ROOT/dev/lib/postgres.sh"
# shellcheck source=dev/lib/database.sh
. "$ROOT/dev/lib/database.sh"
# shellcheck source=dev/lib/demo.sh
. "$ROOT/dev/lib/demo.sh"

# Makes everything available that a run of Odoo needs; quick when it already is.
provision() {
    install_system_packages
    provide_odoo
    provide_python
    provide_postgres
    write_config
}

# Options that hold for every run. A file and not arguments: `odoo shell` and
# the other subcommands take their own arguments first.
write_config() {
    export ODOO_RC=$STATE/odoo.conf
    local new
    new="[options]
addons_path = $ROOT
data_dir = $STATE/data
http_interface = 127.0.0.1
max_cron_threads = 1
"
    [[ -f $ODOO_RC && $(<"$ODOO_RC") == "${new%$'\n'}" ]] || printf %s "$new" >"$ODOO_RC"
}

# Starts a program as our child, which ends when we do, whatever ends us. In a
# session of its own: Ctrl-C reaches only us, and we end it and all that it started.
CHILD=
start() {
    setsid setpriv --pdeathsig TERM -- "$@" <&0 &
    CHILD=$!
}

# The same, and waits for it. (With a plain child, bash's traps would have to wait.)
run() {
    local status=0
    start "$@"
    wait "$CHILD" || status=$?
    CHILD=
    return "$status"
}

run_odoo() { run "$PYTHON_ENV/bin/python" -m odoo "$@"; }

# The same, while others are run.
BESIDE=
start_beside() {
    start "$@"
    BESIDE=$CHILD
    CHILD=
}

end_child() {
    local child
    for child in $CHILD $BESIDE; do
        kill -TERM -- "-$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    done
    CHILD=
    BESIDE=
}

# For scripts that do more than to become another program: end what they started.
end_children_on_signals() {
    trap 'end_child; release_postgres; exit 130' INT
    trap 'end_child; release_postgres; exit 143' TERM HUP
}
