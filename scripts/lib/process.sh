# Processes and ports. Sourced by scripts/services.

# Runs a command as the given user; as it is where that is already who we are.
as_user() {
    local user=$1
    shift
    if [ "$(id -u)" -eq 0 ] && [ "$user" != root ]; then
        setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups --inh-caps=-all -- "$@"
    else
        "$@"
    fi
}

# Starts a server as the given user, detached: a session of its own (so that Ctrl-C in the terminal does not reach it) and none
# of our descriptors (so that nobody waits for a pipe or a lock that the server would keep). Prints its pid, which stays the
# server's, as every step on the way is an exec.
spawn() {
    local user=$1 log=$2
    shift 2
    local drop=()
    if [ "$(id -u)" -eq 0 ] && [ "$user" != root ]; then
        drop=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups --inh-caps=-all --)
    fi
    (
        cd "$data_dir"
        exec </dev/null 3>&1 >>"$log" 2>&1
        for descriptor in /proc/self/fd/*; do
            descriptor=${descriptor##*/}
            if [ "$descriptor" -gt 3 ]; then eval "exec $descriptor>&-"; fi
        done
        setsid "${drop[@]}" "$@" 3>&- &
        printf '%s\n' "$!" >&3
    )
}

# The pid in the first line of a file, if that process lives and its command line holds the marker.
# A pid file survives crashes and restarts of the machine, and pids are used again: the file alone proves nothing.
pid_from() {
    local file=$1 marker=$2 pid
    [ -r "$file" ] && read -r pid <"$file" || return 1
    [[ "$pid" =~ ^[0-9]+$ ]] && command_line_has "$pid" "$marker" || return 1
    printf '%s\n' "$pid"
}

command_line_has() {
    { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null | grep -qF -- "$2"
}

# A zombie counts as gone: it waits for its parent, not for us.
is_alive() {
    local status
    { read -r status <"/proc/$1/stat"; } 2>/dev/null || return 1
    status=${status##*) }
    [ "${status%% *}" != Z ]
}

wait_until_gone() {
    local pid=$1 seconds=$2
    local deadline=$((SECONDS + seconds))
    while is_alive "$pid"; do
        [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

# Direct and indirect children, so that a frozen server can be woken as a whole before it is told to stop.
descendants() {
    local child
    for child in $(cat "/proc/$1"/task/*/children 2>/dev/null); do
        printf '%s\n' "$child"
        descendants "$child"
    done
}

terminate() {
    local name=$1 signal=$2 pid=$3
    kill "-$signal" "$pid" 2>/dev/null || true
    kill -CONT "$pid" $(descendants "$pid") 2>/dev/null || true
    wait_until_gone "$pid" 30 && return
    note "$name (pid $pid) ignored SIG$signal for 30 s: SIGKILL"
    kill -KILL "$pid" $(descendants "$pid") 2>/dev/null || true
    wait_until_gone "$pid" 10
}

accepts_connections() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Waits until the port answers; gives up when the process that should open it is gone.
wait_for_port() {
    local port=$1 pid=$2 seconds=$3
    local deadline=$((SECONDS + seconds))
    until accepts_connections "$port"; do
        is_alive "$pid" && [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

# Every TCP port that somebody listens on, in decimal, one a line.
listening_ports() {
    local _ local_address state
    while read -r _ local_address _ state _; do
        if [ "$state" = 0A ]; then printf '%d\n' "0x${local_address##*:}"; fi
    done < <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
}
