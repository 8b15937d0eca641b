# shellcheck shell=bash
# Odoo 19: Debian's package from the suite sid, unpacked into the cache and never
# installed. apt of the machine keeps its own sources and lists as they are.

ODOO_SERIES=19.0

# Sets ODOO_HOME to the unpacked tree. ODOO_DEB may name a package file that is
# already here, for machines without a Debian mirror.
provide_odoo() {
    ODOO_HOME=$(cached_odoo)
    if [[ -z $ODOO_HOME ]]; then
        with_lock "$CACHE/odoo.lock" unpack_odoo
        ODOO_HOME=$(cached_odoo)
    fi
    # shellcheck disable=SC2034 # for python.sh
    ODOO_PACKAGES=$ODOO_HOME/usr/lib/python3/dist-packages
}

# The newest unpacked version: once there, a cache stays with what it has.
cached_odoo() {
    find "$CACHE/odoo/" -mindepth 1 -maxdepth 1 -name "$ODOO_SERIES*" | sort -V | tail -n 1
}

unpack_odoo() {
    [[ -z $(cached_odoo) ]] || return 0
    local work=$CACHE/odoo.tmp deb version
    rm -rf "$work" # what a killed run left
    mkdir -p "$work/tree"
    deb=${ODOO_DEB:-}
    [[ -n $deb ]] || deb=$(download_odoo "$work")
    version=$(dpkg-deb -f "$deb" Version)
    [[ $version == "$ODOO_SERIES"* ]] ||
        die "found Odoo $version where $ODOO_SERIES is needed; set ODOO_DEB to an odoo-19 package file."
    say "Unpacking Odoo $version"
    dpkg-deb -x "$deb" "$work/tree"
    link_shared_files "$work/tree"
    mv -T "$work/tree" "$CACHE/odoo/$version"
    rm -rf "$work"
}

# The tree's own links to fonts and scripts are relative to its usr/share.
link_shared_files() { # TREE
    local name
    mkdir -p "$1/usr/share"
    for name in fonts fonts-font-awesome javascript; do
        ln -sfn "/usr/share/$name" "$1/usr/share/$name"
    done
}

download_odoo() { # FOLDER → the package file
    local folder=$1
    mkdir -p "$folder/sources" "$folder/lists/partial" "$folder/archives/partial"
    sid_source >"$folder/sources/sid.sources"
    [[ -s $folder/sources/sid.sources ]] ||
        die "no Debian source found in /etc/apt; set ODOO_DEB to an odoo-19 package file."
    local options=(
        -q -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$folder/sources"
        -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache::archives=$folder/archives"
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
        -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3
    )
    say "Downloading Odoo $ODOO_SERIES from Debian (123 MB)"
    (cd "$folder" && apt-get "${options[@]}" update && apt-get "${options[@]}" download odoo-19) \
        >"$STATE/logs/apt-odoo.log" 2>&1 </dev/null ||
        { tail -n 20 "$STATE/logs/apt-odoo.log" >&2; die "could not download odoo-19."; }
    find "$folder" -maxdepth 1 -name 'odoo-19_*.deb'
}

# One deb822 stanza: the machine's first Debian archive, with the suite sid.
sid_source() {
    {
        cat /etc/apt/sources.list.d/*.sources 2>/dev/null | first_stanza
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | first_line_as_stanza
    } | awk -v RS= 'NR == 1'
}

# deb822 format: blank line between stanzas.
first_stanza() {
    awk -v RS= -v ORS='\n\n' '/Types:[^\n]*deb/ && /URIs:[^\n]*debian/ && !/Suites:[^\n]*security/' |
        awk -v RS= 'NR == 1' |
        sed -e '/^#/d' -e 's/^Types:.*/Types: deb/' -e 's/^Suites:.*/Suites: sid/' -e 's/^Components:.*/Components: main/'
}

# One-line format: deb [options] address suite component…
first_line_as_stanza() {
    sed -n 's/^deb \(\[[^]]*\] *\)\{0,1\}\([^ ]*\) \([^ ]*\) .*/\3 \2 \1/p' |
        awk '$1 !~ /security/ && $2 ~ /debian/' | head -n 1 |
        while read -r _ address options; do
            printf 'Types: deb\nURIs: %s\nSuites: sid\nComponents: main\n' "$address"
            sed -n 's/.*signed-by=\([^] ]*\).*/Signed-By: \1/p' <<<"$options"
        done
}
