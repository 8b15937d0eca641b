# shellcheck shell=bash
# Databases of this checkout: made, copied and dropped together with their filestore.

LANGUAGE=zh_CN

database_exists() { # NAME
    [[ $(psql -XAtd postgres -v name="$1" <<<"SELECT 1 FROM pg_database WHERE datname = :'name'") == 1 ]]
}

drop_database() { # NAME
    dropdb --if-exists --force "$1" 2>/dev/null
    rm -rf "${STATE:?}/data/filestore/$1" "$STATE/$1.made"
}

copy_database() { # FROM TO
    createdb --template="$1" "$2"
    mkdir -p "$STATE/data/filestore"
    [[ ! -d $STATE/data/filestore/$1 ]] || cp -a "$STATE/data/filestore/$1" "$STATE/data/filestore/$2"
}

# A database with the addon just installed, without demo data, in both languages.
fresh_database() { # NAME
    local template
    template=$(template_name)
    with_lock "$STATE/locks/template" make_template "$template"
    drop_database "$1"
    copy_database "$template" "$1"
    say "Installing $ADDON on the fresh database $1"
    logged_odoo "install-$1" -d "$1" -i "$ADDON" --stop-after-init --no-http
    upgrade_key >"$STATE/$1.made"
}

upgrade_database() { # NAME
    say "Upgrading $ADDON on the database $1"
    logged_odoo "upgrade-$1" -d "$1" -u "$ADDON" --stop-after-init --no-http
}

# The database of an earlier run, upgraded where the addon has changed in what an upgrade reads.
reused_database() { # NAME
    local key stamp=$STATE/$1.made
    key=$(upgrade_key)
    if [[ ! -f $stamp ]] || ! database_exists "$1"; then
        fresh_database "$1"
    elif [[ $(<"$stamp") != "$key" ]]; then
        rm "$stamp"
        upgrade_database "$1"
        echo "$key" >"$stamp"
    fi
}

# Odoo's own modules that the addon depends on need most of the time of an
# installation and do not change from run to run, so they are installed once.
make_template() { # NAME
    local old
    if [[ ! -f $STATE/$1.made ]] || ! database_exists "$1"; then
        for old in $(psql -XAtd postgres -c "SELECT datname FROM pg_database WHERE datname LIKE 'wz\_base\_%'"); do
            drop_database "$old"
        done
        say "Installing what $ADDON depends on (once)"
        logged_odoo template -d "$1" -i "$(addon_depends)" --load-language="$LANGUAGE" --stop-after-init --no-http
        touch "$STATE/$1.made"
    fi
}

template_name() {
    printf 'wz_base_%s' "$(printf '%s\n' "$ODOO_HOME" "$(addon_depends)" "$LANGUAGE" | sha256sum | cut -c1-12)"
}

addon_depends() {
    "$PYTHON_ENV/bin/python" -c '
import ast, pathlib, sys
manifest = ast.literal_eval(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
print(",".join(sorted(manifest["depends"])))' "$ROOT/$ADDON/__manifest__.py"
}

# Changes with what an upgrade of the addon would change in a database.
upgrade_key() {
    "$PYTHON_ENV/bin/python" "$ROOT/dev/upgrade_key.py" "$ROOT/$ADDON"
}

# Changes whenever a file of the addon changes.
addon_hash() {
    (cd "$ROOT" && find "$ADDON" -type f ! -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16)
}

# Runs Odoo into a log file and shows what went wrong. Odoo ends well even when
# it logged errors, or left out demo data that it could not load: neither will do.
logged_odoo() { # NAME ARGS…
    local log=$STATE/logs/$1.log status=0
    shift
    run_odoo "$@" >"$log" 2>&1 </dev/null || status=$?
    grep -E ' (WARNING|ERROR|CRITICAL) ' "$log" >&2 || true
    if ((status != 0)) || grep -qE ' (ERROR|CRITICAL) |demo data failed' "$log"; then
        tail -n 40 "$log" >&2
        die "Odoo failed; the whole log is in ${log#"$ROOT/"}."
    fi
}

# The addon's terms as Odoo itself finds them in a fresh database.
export_terms() { # FILE.pot
    fresh_database wz_lint
    logged_odoo export-terms i18n export -d wz_lint -l pot -o "$1" "$ADDON"
}
