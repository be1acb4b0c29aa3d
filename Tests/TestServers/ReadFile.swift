internal import Glibc

/// The whole of a file, also of one under `/proc` that states no size; nil if it can't be read.
func readFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let bytes = readToEnd(of: descriptor) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
}

/// Everything up to the end of the file or stream; nil if reading fails.
func readToEnd(of descriptor: Int32) -> [UInt8]? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { return nil }
        if count == 0 { return bytes }
        bytes += chunk[..<count]
    }
}
