internal import Glibc
internal import Postgres

/// What it was measured on.
struct Machine {
    let processor: String
    let cores: Int
    let memoryGiB: Int
    let kernel: String
    let postgres: String

    init(_ servers: Servers) throws {
        cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        memoryGiB = sysconf(Int32(_SC_PHYS_PAGES)) / 262_144
        processor = Self.line("model name", of: "/proc/cpuinfo") ?? "unknown processor"
        kernel = TextFile.read("/proc/sys/kernel/osrelease").map { String($0.prefix { $0 != "\n" }) } ?? "unknown"
        postgres = try servers.connect().query("SELECT current_setting('server_version')").only().text(0)
    }

    var sentence: String {
        "\(cores) cores (\(processor)), \(memoryGiB) GiB, Linux \(kernel), PostgreSQL \(postgres), RabbitMQ 3.10, "
            + "all on one machine with the load generator"
    }

    private static func line(_ name: String, of path: String) -> String? {
        let line = TextFile.read(path)?.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.split(separator: ":").last.map { String($0.drop { $0 == " " }) }
    }
}

/// A file as text.
enum TextFile {
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func write(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw BenchFailure("can't write \(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw BenchFailure("can't write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
