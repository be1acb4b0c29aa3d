internal import FoundationEssentials

/// The texts that rules are made of, by file name: `*.yaml`, `*.txt` for lists, and `*.csv` for tables. Published versions are kept as such.
public struct RuleFiles: Hashable, Sendable {
    /// By file name, without a folder.
    public var texts: [String: String]

    /// Takes texts that were read or stored elsewhere.
    public init(texts: [String: String]) {
        self.texts = texts
    }

    /// Reads the files of a folder; what is in folders below it is not read.
    public init(folder: String) throws(RuleFilesError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw RuleFilesError("\(folder) is no folder that can be read")
        }
        texts = [:]
        for name in names
        where !name.hasPrefix(".") && (Self.isRules(name) || [".txt", ".csv"].contains { name.hasSuffix($0) }) {
            let path = folder + "/" + name
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw RuleFilesError("\(path) can't be read")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw RuleFilesError("\(path) is no UTF-8")
            }
            texts[name] = text
        }
        guard texts.keys.contains(where: Self.isRules) else { throw RuleFilesError("\(folder) has no *.yaml files") }
    }

    /// The names of the files with rules, in order.
    var ruleNames: [String] { texts.keys.filter(Self.isRules).sorted() }

    private static func isRules(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }
}

/// Why a folder of rules can't be read at all.
public struct RuleFilesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with which file.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
