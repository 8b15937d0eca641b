# shellcheck shell=bash
# Debian packages of the machine's own suite.

wanted_packages() {
    sed 's/#.*//; /^[[:space:]]*$/d' "$ROOT/dev/system-packages.txt"
    # Only a machine without any usable Python gets Debian's.
    [[ -n $PYTHON_FOUND ]] || printf '%s\n' python3 python3-venv
}

missing_packages() {
    local wanted installed
    wanted=$(wanted_packages | sort -u)
    # shellcheck disable=SC2086 # one word a package
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' $wanted 2>/dev/null |
        sed -n 's/^ii //p' | sort -u || true)
    comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed") | xargs
}

install_system_packages() {
    command -v dpkg-query >/dev/null ||
        die "this needs a Debian machine (no dpkg-query here)."
    PYTHON_FOUND=$(find_python) || PYTHON_FOUND=
    local missing
    missing=$(missing_packages)
    [[ -n $missing ]] || return 0
    if ((EUID != 0)); then
        say "These Debian packages are missing. Install them, then run this again:"
        say "    sudo apt-get update && sudo apt-get install --no-install-recommends $missing"
        exit 1
    fi
    with_lock "$CACHE/apt.lock" apt_install
}

apt_install() {
    local missing
    missing=$(missing_packages) # again: another run may have held the lock
    [[ -n $missing ]] || return 0
    say "Installing Debian packages: $missing"
    export DEBIAN_FRONTEND=noninteractive
    local log=$STATE/logs/apt.log
    # An index that is missing or old makes the first try fail; only then fetch it.
    # shellcheck disable=SC2086 # one word a package
    try_install $missing >"$log" 2>&1 ||
        { apt-get -q update && try_install $missing; } >>"$log" 2>&1 ||
        { tail -n 30 "$log" >&2; die "apt-get could not install: $missing"; }
}

try_install() {
    apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@" </dev/null
}
