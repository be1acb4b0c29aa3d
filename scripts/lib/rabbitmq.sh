# The private RabbitMQ and the epmd that goes with it. Sourced by scripts/services.

rabbitmq_server=/usr/lib/rabbitmq/bin/rabbitmq-server

rabbitmq_pid() { pid_from "$rabbitmq_pid_file" "-orderflow $data_dir"; }
epmd_pid() { pid_from "$epmd_pid_file" "epmd -port $epmd_port"; }

start_rabbitmq() {
    rabbitmq_pid >/dev/null && return
    [ -x "$rabbitmq_server" ] || fail "no RabbitMQ here: run scripts/setup"
    make_private_dir "$rabbitmq_user" "$rabbitmq_dir"
    copy_server_key "$rabbitmq_user" "$rabbitmq_dir/server.key"
    write_rabbitmq_conf
    start_epmd
    local pid
    pid=$(rabbitmq_environment spawn "$rabbitmq_user" "$data_dir/rabbitmq-start.log" "$rabbitmq_server")
    printf '%s\n' "$pid" >"$rabbitmq_pid_file"
    # The broker opens its AMQP listeners last, when plugins and queues are up.
    wait_for_port "$amqp_port" "$pid" 120 && wait_for_port "$amqps_port" "$pid" 30 && wait_for_port "$management_port" "$pid" 30
}

# Left to itself the broker would start an epmd that outlives it and that nobody knows the pid of.
start_epmd() {
    epmd_pid >/dev/null && return
    local pid
    pid=$(spawn "$rabbitmq_user" "$data_dir/epmd.log" epmd -port "$epmd_port" -address 127.0.0.1)
    printf '%s\n' "$pid" >"$epmd_pid_file"
    wait_for_port "$epmd_port" "$pid" 10
}

# `detached` makes the start script exec the Erlang VM in its own place: no shell stays in between, and the pid is the VM's.
rabbitmq_environment() {
    (
        export HOME=$rabbitmq_dir LANG=C.UTF-8 detached=yes
        export ERL_EPMD_PORT=$epmd_port ERL_EPMD_ADDRESS=127.0.0.1
        export RABBITMQ_CONF_ENV_FILE=$rabbitmq_dir/rabbitmq-env.conf
        export RABBITMQ_NODENAME=$node_name RABBITMQ_DIST_PORT=$distribution_port
        export RABBITMQ_CONFIG_FILE=$rabbitmq_dir/rabbitmq.conf RABBITMQ_GENERATED_CONFIG_DIR=$rabbitmq_dir/config
        export RABBITMQ_ADVANCED_CONFIG_FILE=$rabbitmq_dir/advanced.config
        export RABBITMQ_MNESIA_DIR=$rabbitmq_dir/mnesia RABBITMQ_MNESIA_BASE=$rabbitmq_dir
        export RABBITMQ_PLUGINS_EXPAND_DIR=$rabbitmq_dir/plugins RABBITMQ_SCHEMA_DIR=$rabbitmq_dir/schema
        export RABBITMQ_ENABLED_PLUGINS_FILE=$rabbitmq_dir/enabled_plugins
        export RABBITMQ_FEATURE_FLAGS_FILE=$rabbitmq_dir/feature_flags
        export RABBITMQ_LOG_BASE=$rabbitmq_dir/log
        # Schedulers bound to cores hurt where several brokers share them.
        export RABBITMQ_SCHEDULER_BIND_TYPE=u
        # A flag that nothing reads: it marks the VM as this instance's (see rabbitmq_pid).
        export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-orderflow $data_dir"
        "$@"
    )
}

# The management figures are refreshed every second (default: five), so that tests which watch a queue wait less.
# The write-ahead log of quorum queues is rolled at 64 MiB (default: 512): it is kept in memory.
write_rabbitmq_conf() {
    write_for_rabbitmq rabbitmq.conf <<END
listeners.tcp.1 = 127.0.0.1:$amqp_port
listeners.ssl.1 = 127.0.0.1:$amqps_port
ssl_options.cacertfile = $tls_dir/ca.pem
ssl_options.certfile = $tls_dir/server.pem
ssl_options.keyfile = $rabbitmq_dir/server.key
ssl_options.verify = verify_none
ssl_options.fail_if_no_peer_cert = false
management.tcp.ip = 127.0.0.1
management.tcp.port = $management_port
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $prometheus_port
default_user = orderflow
default_pass = $secret
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.absolute = 2GB
raft.wal_max_size_bytes = 67108864
collect_statistics_interval = 1000
log.file = $rabbitmq_dir/log/rabbitmq.log
log.file.level = info
log.console = false
END
    write_for_rabbitmq advanced.config <<END
[{kernel, [{inet_dist_use_interface, {127,0,0,1}}]}, {rabbit, [{quorum_tick_interval, 1000}]}].
END
    write_for_rabbitmq enabled_plugins <<<'[rabbitmq_management,rabbitmq_prometheus].'
    write_for_rabbitmq rabbitmq-env.conf </dev/null
    [ -e "$rabbitmq_dir/.erlang.cookie" ] || write_for_rabbitmq .erlang.cookie <<<"$secret"
    chmod 400 "$rabbitmq_dir/.erlang.cookie"
    as_user "$rabbitmq_user" mkdir -p "$rabbitmq_dir/log" "$rabbitmq_dir/config"
}

write_for_rabbitmq() {
    local target=$rabbitmq_dir/$1
    cat | write_private "$target"
    [ "$(id -un)" = "$rabbitmq_user" ] || chown "$rabbitmq_user" "$target"
}

# The broker shuts down cleanly on SIGTERM (it takes 6 s, most of it the management plugin's); epmd holds nothing.
stop_rabbitmq() {
    local signal=$1 pid
    if pid=$(rabbitmq_pid); then terminate RabbitMQ "$signal" "$pid"; fi
    if pid=$(epmd_pid); then terminate epmd TERM "$pid"; fi
    rm -f "$rabbitmq_pid_file" "$epmd_pid_file"
}
