internal import Glibc

/// How the files of an export are read as messages: a YAML file, checked as a whole before the first row is read.
public struct Mapping: Sendable {
    /// What the mapping is called.
    public let name: String
    /// The file it was read from, for errors.
    public let file: String
    /// Hash of its text.
    let fingerprint: UInt64
    let inputs: [InputDefinition]
    let stages: [StageDefinition]
    let totals: [TotalDefinition]

    /// Reads a mapping file.
    ///
    /// - Throws: `ImportError` with file, line and key of the first mistake.
    public init(path: String) throws(ImportError) {
        guard let file = fopen(path, "re") else {
            throw ImportError(.mapping, file: path, String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: Self.largest + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { throw ImportError(.mapping, file: path, String(cString: strerror(errno))) }
        guard count <= Self.largest else {
            throw ImportError(.mapping, file: path, "a mapping has at most \(Self.largest) bytes")
        }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw ImportError(.mapping, file: path, "the file is not UTF-8")
        }
        try self.init(text: text, file: path)
    }

    /// Reads a mapping.
    ///
    /// - Parameter file: what errors call it.
    public init(text: String, file: String) throws(ImportError) {
        let definitions = try MappingCompiler.compile(text, file: file)
        self.file = file
        fingerprint = Fingerprint.of(text.utf8)
        name = definitions.name
        inputs = definitions.inputs
        stages = definitions.stages
        totals = definitions.totals
    }

    /// The sources of its wishes about orders, which are believed only from those who own the orders.
    public var sourcesOfWishes: Set<String> {
        Set(stages.flatMap(\.messages).filter { $0.routingKey == "order.command" }.map(\.source))
    }

    private static let largest = 1_048_576
}
