# An instance: its folders, its ports, what is recorded of it. Sourced by scripts/services.

# Recorded in the state file; everything else follows from these.
recorded=(checkout_recorded owner data_dir secret postgres_port amqp_port amqps_port management_port prometheus_port
    distribution_port epmd_port)
port_names=(postgres_port amqp_port amqps_port management_port prometheus_port distribution_port epmd_port)

select_instance() {
    [[ "$1" =~ ^[A-Za-z0-9_-]{1,32}$ ]] || fail "instance names have letters, digits, - and _, at most 32: '$1'"
    instance=$1
    instance_dir=$checkout/.local/$instance
    state_file=$instance_dir/state
    env_file=$instance_dir/env
    lock_file=$checkout/.local/.$instance.lock
}

# Two callers of one instance take turns. Who waited may hold a lock file that `remove` has deleted meanwhile: then once more.
with_instance_lock() {
    mkdir -p "$checkout/.local"
    (
        while :; do
            exec 9>>"$lock_file"
            flock -w 120 9 || fail "another command has held instance '$instance' for 2 minutes ($lock_file)"
            if [ "$lock_file" -ef /dev/fd/9 ]; then break; fi
        done
        "$1"
    )
}

# Reads what is recorded; false where nothing is.
load_instance() {
    [ -r "$state_file" ] || return 1
    . "$state_file"
    if [ "$checkout_recorded" != "$checkout" ]; then
        note "instance '$instance' was made for another checkout ($checkout_recorded): starting it afresh here"
        rm -rf -- "$instance_dir"
        return 1
    fi
    [ "$owner" = "$(id -un)" ] || fail "instance '$instance' belongs to $owner: run this as $owner"
    choose_users
    derive_paths
}

open_instance() {
    load_instance && return
    checkout_recorded=$checkout
    owner=$(id -un)
    secret=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    local port_name
    for port_name in "${port_names[@]}"; do printf -v "$port_name" 0; done
    choose_users
    choose_data_dir
    derive_paths
    save_instance
}

# Neither server should run as root (PostgreSQL refuses to): each gets the user that its Debian package made.
choose_users() {
    postgres_user=$(id -un)
    rabbitmq_user=$postgres_user
    [ "$(id -u)" -eq 0 ] || return 0
    postgres_user=postgres
    rabbitmq_user=rabbitmq
    local user
    for user in "$postgres_user" "$rabbitmq_user"; do
        id "$user" >/dev/null 2>&1 || fail "no user '$user' here: run scripts/setup"
    done
}

# In the checkout where that works. Elsewhere if a server's user can't enter it, or the path is long or has characters that
# the broker's start scripts split at.
choose_data_dir() {
    data_dir=$instance_dir/data
    make_dir "$checkout/.local" "$instance_dir" "$data_dir"
    if [[ "$data_dir" =~ ^[A-Za-z0-9/._+@-]{1,160}$ ]] &&
        as_user "$postgres_user" test -x "$data_dir" && as_user "$rabbitmq_user" test -x "$data_dir"; then
        return
    fi
    rmdir "$data_dir"
    local base
    base=/var/tmp/orderflow-$(printf '%s' "$(id -u) $checkout" | sha256sum | cut -c1-12)
    data_dir=$base/$instance
    make_dir "$base" "$data_dir"
    [ -O "$base" ] || fail "$base belongs to somebody else: remove it"
}

make_dir() {
    local path
    for path in "$@"; do
        mkdir -p "$path"
        chmod 755 "$path"
    done
}

# A folder that one server's user owns and nobody else reads.
make_private_dir() {
    mkdir -p "$2"
    chmod 700 "$2"
    [ "$(id -un)" = "$1" ] || chown "$1" "$2"
}

derive_paths() {
    postgres_dir=$data_dir/postgres
    rabbitmq_dir=$data_dir/rabbitmq
    tls_dir=$data_dir/tls
    postgres_pid_file=$postgres_dir/data/postmaster.pid
    rabbitmq_pid_file=$data_dir/rabbitmq.pid
    epmd_pid_file=$data_dir/epmd.pid
    local short
    short=$(printf '%s' "$checkout" | sha256sum | cut -c1-8)
    node_name=orderflow-$instance-$short@localhost
}

# Ports are picked once and kept. One that somebody else took while our server was down is picked anew.
choose_ports() {
    local -A taken=()
    local port port_name changed=
    while read -r port; do taken[$port]=1; done < <(listening_ports)
    for port_name in "${port_names[@]}"; do
        if [ "${!port_name}" -ne 0 ] && { [ -z "${taken[${!port_name}]-}" ] || port_is_ours "$port_name"; }; then continue; fi
        # Below the range that the kernel hands out to clients.
        until port=$((20000 + RANDOM % 12000)) && [ -z "${taken[$port]-}" ]; do :; done
        taken[$port]=1
        printf -v "$port_name" %s "$port"
        changed=yes
    done
    [ -z "$changed" ] || save_instance
}

port_is_ours() {
    case "$1" in
    postgres_port) postgres_pid >/dev/null ;;
    epmd_port) epmd_pid >/dev/null ;;
    *) rabbitmq_pid >/dev/null ;;
    esac
}

save_instance() {
    local key
    for key in "${recorded[@]}"; do printf '%s=%q\n' "$key" "${!key}"; done | write_private "$state_file"
}

write_env_file() {
    local broker=orderflow:$secret@
    {
        printf '# Written by scripts/services for instance %s. Shell-sourceable.\n' "$instance"
        setting ORDERFLOW_POSTGRES_URL "postgresql://orderflow@127.0.0.1:$postgres_port/postgres"
        setting ORDERFLOW_AMQP_URL "amqp://${broker}127.0.0.1:$amqp_port/%2F"
        setting ORDERFLOW_AMQPS_URL "amqps://${broker}localhost:$amqps_port/%2F"
        setting ORDERFLOW_CA_FILE "$tls_dir/ca.pem"
        setting ORDERFLOW_MANAGEMENT_URL "http://${broker}127.0.0.1:$management_port"
        setting ORDERFLOW_PROMETHEUS_URL "http://127.0.0.1:$prometheus_port/metrics"
        setting ORDERFLOW_POSTGRES_PID_FILE "$postgres_pid_file"
        setting ORDERFLOW_POSTGRES_DATA "$postgres_dir/data"
        setting ORDERFLOW_RABBITMQ_PID_FILE "$rabbitmq_pid_file"
        setting ORDERFLOW_RABBITMQ_NODE "$node_name"
    } | write_private "$env_file"
}

setting() { printf "%s='%s'\n" "$1" "${2//\'/\'\\\'\'}"; }

# Replaced in one step: a reader sees the old file or the new one, never half of it.
write_private() {
    (umask 077 && cat >"$1.new")
    mv -f "$1.new" "$1"
}

delete_data() {
    rm -rf -- "$data_dir"
    # The folder outside the checkout, when this was its last instance.
    [[ "$data_dir" != /var/tmp/orderflow-* ]] || rmdir --ignore-fail-on-non-empty "$(dirname "$data_dir")"
}
