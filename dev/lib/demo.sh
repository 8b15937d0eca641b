# shellcheck shell=bash
# The database of the demonstration: demo data, and the cases of demo_cases.py carried through.

install_with_demo() { # NAME
    drop_database "$1"
    say "Installing $ADDON with demo data (about a minute)"
    logged_odoo "install-$1" -d "$1" -i "$ADDON" --with-demo --load-language="$LANGUAGE" --stop-after-init --no-http
}

# Goes on with what an earlier run made.
run_cases() { # NAME FOLDER_FOR_FORMS
    say "Carrying the cases from the ledger to the certificate"
    mkdir -p "$2"
    DEMO_OUTPUT=$2 run_odoo shell -d "$1" --no-http --log-level=warn <"$ROOT/dev/demo_cases.py" ||
        die "the cases did not go through (see above)."
}

# Made, or upgraded where the addon has changed since, and all its cases carried through.
prepare_demo() { # NAME
    # Holds the hash of the addon that the database was made or upgraded with. Without
    # it the database is a half one, of a run that was killed.
    local hash stamp=$STATE/$1.made
    hash=$(addon_hash)
    if [[ ! -f $stamp ]] || ! database_exists "$1"; then
        rm -f "$stamp"
        install_with_demo "$1"
    elif [[ $(<"$stamp") != "$hash" ]]; then
        upgrade_database "$1"
    fi
    echo "$hash" >"$stamp"
    run_cases "$1" "$ROOT/demo-output"
}
