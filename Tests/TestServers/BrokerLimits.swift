// The broker's alarms: while one rings, it takes no publishes.
extension PrivateServer {
    /// How much memory the broker takes for enough, such as `2GB`; `1` is an alarm at once.
    public func limitMemory(to amount: String) throws(TestServersError) {
        try control("set_vm_memory_high_watermark", "absolute", amount)
    }

    /// How much of its disk must stay free, such as `50MB`; more than there is is an alarm within seconds.
    public func requireFreeDisk(_ amount: String) throws(TestServersError) {
        try control("set_disk_free_limit", amount)
    }

    private func control(_ arguments: String...) throws(TestServersError) {
        let script = """
            cd "$0" && . ./state && . ./env && HOME=$data_dir ERL_EPMD_PORT=$epmd_port exec \
            /usr/lib/rabbitmq/bin/rabbitmqctl -q --erlang-cookie "$secret" -n "$ORDERFLOW_RABBITMQ_NODE" "$@"
            """
        try Checkout.run(["/bin/sh", "-c", script, try Checkout.find().folder(of: instance)] + arguments)
    }
}
