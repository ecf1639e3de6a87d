#!/bin/sh
# Installs forewave as a system service from this checkout, or removes it: `make install`,
# `make uninstall`. A second `make install` upgrades it and keeps settings, stations and signing key.
#
#   DESTDIR     install below this folder, without user and systemd, as a trial
#   PREFIX      folder of the program, in a virtual environment, and its documents
#   SYSCONFDIR  folder of forewave.toml, the stations and the signing key
#   STATEDIR    folder of recorded data
#   UNITDIR     folder of the systemd unit
#   BINDIR      folder of the command, a link
#   SERVICE_USER, PYTHON, PIP_FLAGS: user of the service, Python to use, options of pip
set -eu
umask 022
cd "$(dirname "$0")/.."

DESTDIR=${DESTDIR:-}
PREFIX=${PREFIX:-/opt/forewave}
SYSCONFDIR=${SYSCONFDIR:-/etc/forewave}
STATEDIR=${STATEDIR:-/var/lib/forewave}
UNITDIR=${UNITDIR:-/etc/systemd/system}
BINDIR=${BINDIR:-/usr/local/bin}
SERVICE_USER=${SERVICE_USER:-forewave}
PYTHON=${PYTHON:-python3}
PIP_FLAGS=${PIP_FLAGS:-}

program=$DESTDIR$PREFIX
venv=$program/.venv
settings=$DESTDIR$SYSCONFDIR/forewave.toml
key=$DESTDIR$SYSCONFDIR/forewave.key
unit=$DESTDIR$UNITDIR/forewave.service
command=$DESTDIR$BINDIR/forewave

say() { echo "  $*"; }

fail() {
    echo "forewave: $*" >&2
    exit 1
}

# A file of deploy/ with the chosen folders and user instead of the defaults.
placed() {
    sed -e "s|/opt/forewave|$PREFIX|g" -e "s|/etc/forewave|$SYSCONFDIR|g" \
        -e "s|/var/lib/forewave|$STATEDIR|g" \
        -e "s|^User=.*|User=$SERVICE_USER|" -e "s|^Group=.*|Group=$SERVICE_USER|" "$1"
}

systemd_runs() { [ -z "$DESTDIR" ] && [ -d /run/systemd/system ]; }

needs_root() {
    [ -n "$DESTDIR" ] || [ "$(id -u)" = 0 ] || fail "$1 needs root: sudo make $1"
}

make_user() {
    if [ -n "$DESTDIR" ]; then
        say "no user is made below DESTDIR"
    elif ! id "$SERVICE_USER" >/dev/null 2>&1; then
        useradd --system --user-group --home-dir "$STATEDIR" --no-create-home \
            --shell /usr/sbin/nologin "$SERVICE_USER"
        say "user $SERVICE_USER"
    fi
}

# Settings: readable by the service. Key and recorded data: owned by it.
own() {
    if [ -z "$DESTDIR" ]; then chown "$@"; fi
}

version() { "$1" -c 'import sys; print(*sys.version_info[:2], sep=".")' 2>/dev/null; }

install_program() {
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "Python 3.11 or newer is needed (Debian: apt-get install python3 python3-venv)"
    mkdir -p "$program"
    if [ "$(version "$venv/bin/python")" != "$(version "$PYTHON")" ]; then
        "$PYTHON" -m venv --clear "$venv" ||
            fail "Python cannot make a virtual environment (Debian: apt-get install python3-venv)"
    fi
    say "the program, into $venv (a few minutes the first time)"
    # shellcheck disable=SC2086 # several flags
    "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check \
        -c constraints.txt $PIP_FLAGS . || fail "pip could not install it"
    rm -rf "$program/docs"
    cp -R docs "$program/docs"
    mkdir -p "$DESTDIR$BINDIR"
    ln -sf "$PREFIX/.venv/bin/forewave" "$command"
}

install_settings() {
    mkdir -p "$DESTDIR$SYSCONFDIR" "$DESTDIR$STATEDIR"
    chmod 750 "$DESTDIR$SYSCONFDIR" "$DESTDIR$STATEDIR"
    own "root:$SERVICE_USER" "$SYSCONFDIR"
    own "$SERVICE_USER:$SERVICE_USER" "$STATEDIR"
    if [ -e "$settings" ]; then
        say "$settings is kept"
    else
        placed deploy/forewave.toml >"$settings"
        chmod 640 "$settings"
        own "root:$SERVICE_USER" "$settings"
        say "$settings, to be completed"
    fi
    if [ -e "$key" ]; then
        say "$key is kept"
    else
        (umask 077 && "$venv/bin/forewave" keys new -o "$key") | sed 's/^/  /'
        chmod 600 "$key"
        own "$SERVICE_USER:$SERVICE_USER" "$key"
    fi
}

install_unit() {
    mkdir -p "$DESTDIR$UNITDIR"
    placed deploy/systemd/forewave.service >"$unit"
    chmod 644 "$unit"
    say "$unit"
    if ! systemd_runs; then
        echo "systemd does not run here. Two commands are left, where it does:"
        echo "  systemctl daemon-reload"
        echo "  systemctl enable --now forewave"
        return
    fi
    systemctl daemon-reload
    systemctl --quiet enable forewave
    if systemctl --quiet is-active forewave; then
        systemctl restart forewave
        echo "forewave runs again, with the new version: journalctl -u forewave -f"
    elif grep -q '^ *\[\[sources\]\]' "$settings"; then
        systemctl start forewave
        echo "forewave runs: journalctl -u forewave -f"
    else
        echo "It starts with this machine. Name stations and sources first, then start it:"
        echo "  editor $settings"
        echo "  forewave check $settings"
        echo "  systemctl start forewave"
    fi
}

uninstall() {
    if systemd_runs && [ -e "$unit" ]; then systemctl --quiet disable --now forewave || true; fi
    rm -f "$unit"
    if systemd_runs; then systemctl daemon-reload; fi
    if [ -L "$command" ]; then rm -f "$command"; fi
    rm -rf "$venv" "$program/docs"
    rmdir "$program" 2>/dev/null || true
    echo "Removed. Kept: $DESTDIR$SYSCONFDIR (settings, stations, key) and $DESTDIR$STATEDIR"
    [ -n "$DESTDIR" ] || echo "and the user $SERVICE_USER, who owns them."
}

case "${1:-}" in
install)
    needs_root install
    echo "Installing forewave"
    make_user
    install_program
    install_settings
    install_unit
    ;;
uninstall)
    needs_root uninstall
    uninstall
    ;;
*) fail "expected install or uninstall" ;;
esac
