import Glibc

private struct NoMemoryLimit: Error {}

/// Sets how much memory the broker takes for enough; a limit of one byte is an alarm at once.
func setMemoryLimit(_ limit: String, of instance: String) throws {
    guard let resolved = realpath(#filePath, nil) else { throw NoMemoryLimit() }
    defer { free(resolved) }
    let script = """
        cd "${1%/Tests/*}/.local/$2" && . ./state && . ./env && HOME=$data_dir ERL_EPMD_PORT=$epmd_port exec \
        /usr/lib/rabbitmq/bin/rabbitmqctl -q --erlang-cookie "$secret" -n "$ORDERFLOW_RABBITMQ_NODE" \
        set_vm_memory_high_watermark absolute "$3"
        """
    var argv =
        ["sh", "-c", script, "sh", String(cString: resolved), instance, limit].map { $0.withCString(strdup) } + [nil]
    defer { argv.forEach { free($0) } }
    var pid: pid_t = 0
    var status: Int32 = 0
    guard posix_spawn(&pid, "/bin/sh", nil, nil, &argv, environ) == 0 else { throw NoMemoryLimit() }
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    guard status == 0 else { throw NoMemoryLimit() }
}
