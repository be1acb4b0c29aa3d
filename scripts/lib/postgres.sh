# The private PostgreSQL. Sourced by scripts/services.

postgres_bin=/usr/lib/postgresql/15/bin

postgres_pid() { pid_from "$postgres_pid_file" "$postgres_dir/data"; }

start_postgres() {
    postgres_pid >/dev/null && return
    [ -x "$postgres_bin/postgres" ] || fail "no PostgreSQL 15 here: run scripts/setup"
    make_private_dir "$postgres_user" "$postgres_dir"
    copy_server_key "$postgres_user" "$postgres_dir/server.key"
    [ -e "$postgres_dir/data/PG_VERSION" ] || make_cluster
    write_postgres_conf
    # It is not ours (see postgres_pid), so whoever has this pid now would keep the server from starting.
    rm -f "$postgres_pid_file"
    local pid preload=()
    take_preload
    pid=$(spawn "$postgres_user" "$data_dir/postgres.log" "${preload[@]}" "$postgres_bin/postgres" -D "$postgres_dir/data")
    wait_for_postgres "$pid"
}

# A test may name a library that its server loads first. It is copied to where the server's user can read it.
take_preload() {
    [ -e "$instance_dir/postgres.preload" ] || return 0
    install -m 644 "$(cat "$instance_dir/postgres.preload")" "$postgres_dir/preload.so"
    preload=(env "LD_PRELOAD=$postgres_dir/preload.so")
}

# In two steps, so that a start which was killed half-way does not leave half a cluster behind.
make_cluster() {
    rm -rf -- "$postgres_dir/new"
    (cd "$postgres_dir" && as_user "$postgres_user" "$postgres_bin/initdb" -D "$postgres_dir/new" --username=orderflow \
        --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions) >"$data_dir/initdb.log" 2>&1 ||
        fail "initdb: $(tail -n 3 "$data_dir/initdb.log")"
    mv "$postgres_dir/new" "$postgres_dir/data"
}

# No Unix socket: their paths have a limit of 107 bytes, and nothing here needs one.
write_postgres_conf() {
    cat >"$postgres_dir/data/postgresql.auto.conf" <<END
listen_addresses = '127.0.0.1'
port = $postgres_port
unix_socket_directories = ''
max_connections = 200
shared_buffers = 256MB
fsync = on
synchronous_commit = on
full_page_writes = on
ssl = on
ssl_cert_file = '$tls_dir/server.pem'
ssl_key_file = '$postgres_dir/server.key'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %a '
END
}

# The port opens before recovery is over; only pg_isready tells.
wait_for_postgres() {
    local pid=$1 deadline=$((SECONDS + 120))
    until "$postgres_bin/pg_isready" -q -h 127.0.0.1 -p "$postgres_port" -U orderflow -d postgres; do
        is_alive "$pid" && [ "$SECONDS" -lt "$deadline" ] || return 1
        sleep 0.05
    done
}

stop_postgres() {
    local signal=$1 pid
    pid=$(postgres_pid) || return 0
    terminate PostgreSQL "$signal" "$pid"
}
