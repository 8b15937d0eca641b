# shellcheck shell=bash
# The Python environment: pinned packages from PyPI plus the unpacked Odoo.

# Odoo 19 runs on these; PYTHON may name another interpreter.
find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 /usr/bin/python3 python3.13 python3.12 python3.11 python3.10; do
        "$candidate" - 2>/dev/null <<<'
import ensurepip, sys, venv
raise SystemExit(not (3, 10) <= sys.version_info < (3, 14))' || continue
        command -v "$candidate"
        return 0
    done
    return 1
}

# Sets PYTHON_ENV. Its name is a hash of all that went into it, so that a change
# of a pin makes a new one and clones with the same pins share one.
provide_python() {
    local python key
    python=${PYTHON_FOUND:-$(find_python)} || die "no Python 3.10 to 3.13 with the module venv was found."
    key=$({
        "$python" -c 'import sys; print(sys.version, sys.base_prefix)'
        echo "$ODOO_HOME"
        cat "$ROOT/dev/requirements.txt" "$ROOT/dev/requirements-lint.txt"
    } | sha256sum | cut -c1-16)
    PYTHON_ENV=$CACHE/python/$key
    [[ -d $PYTHON_ENV ]] || with_lock "$CACHE/python.lock" build_python "$python"
    touch "$PYTHON_ENV" # in use: see below
}

build_python() { # INTERPRETER
    [[ ! -d $PYTHON_ENV ]] || return 0
    local work=$CACHE/python.tmp
    rm -rf "$work" # what a killed run left
    say "Installing Python packages"
    "$1" -m venv "$work"
    "$work/bin/python" -m pip install --quiet --disable-pip-version-check \
        -r "$ROOT/dev/requirements.txt" -r "$ROOT/dev/requirements-lint.txt" \
        </dev/null 2>"$STATE/logs/pip.log" ||
        { tail -n 20 "$STATE/logs/pip.log" >&2; die "pip could not install the requirements."; }
    # Odoo prefers PyPDF2 to pypdf where both are, and then merging PDFs fails.
    "$work/bin/python" -m pip uninstall --quiet --yes PyPDF2 2>/dev/null || true
    add_odoo_to "$work"
    # Scripts name their interpreter by its full path.
    grep -rlI "$work" "$work/bin" "$work/pyvenv.cfg" | xargs sed -i "s|$work|$PYTHON_ENV|g"
    mv -T "$work" "$PYTHON_ENV"
    # Environments of pins that no clone has used for two months.
    find "$CACHE/python" -mindepth 1 -maxdepth 1 -mtime +60 -exec rm -rf {} +
}

add_odoo_to() { # ENVIRONMENT
    local site
    site=$("$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    echo "$ODOO_PACKAGES" >"$site/odoo.pth"
}

# Sets MUTATION: of cosmic-ray only what makes mutants, beside the environment, whose pins stay its own.
provide_mutation() {
    local list=$ROOT/dev/requirements-mutants.txt
    MUTATION=$CACHE/python/mutation-$({ "$PYTHON_ENV/bin/python" --version; cat "$list"; } | sha256sum | cut -c1-16)
    [[ -d $MUTATION ]] || with_lock "$CACHE/python.lock" install_mutation "$list"
    touch "$MUTATION"
}

install_mutation() { # LIST
    [[ ! -d $MUTATION ]] || return 0
    say "Installing the makers of mutants"
    rm -rf "$MUTATION.tmp"
    "$PYTHON_ENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --target "$MUTATION.tmp" \
        -r "$1" </dev/null 2>"$STATE/logs/pip.log" ||
        { tail -n 20 "$STATE/logs/pip.log" >&2; die "pip could not install the makers of mutants."; }
    mv -T "$MUTATION.tmp" "$MUTATION"
}
