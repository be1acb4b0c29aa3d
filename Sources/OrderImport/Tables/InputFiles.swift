internal import Glibc

/// Finds the files of a mapping's inputs among what the caller named.
enum InputFiles {
    /// The files of each input, by name: an export may come in several parts.
    ///
    /// - Parameter paths: files, or folders whose files are meant.
    static func find(_ mapping: Mapping, in paths: [String]) throws(ImportError) -> [[String]] {
        var candidates: [String] = []
        for path in paths {
            if let names = files(in: path) {
                candidates += names.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
            } else if access(path, R_OK) == 0 {
                candidates.append(path)
            } else {
                throw ImportError(.input, file: path, String(cString: strerror(errno)))
            }
        }
        var found: [[String]] = []
        for input in mapping.inputs {
            guard case .file(let file) = input.source else {
                found.append([])
                continue
            }
            let matching = candidates.filter { fnmatch(file.pattern, name(of: $0), 0) == 0 }
            guard !matching.isEmpty else {
                throw ImportError(
                    .input, file: paths.joined(separator: ", "),
                    "no file is called \"\(file.pattern)\" for the input \(input.name) of \(mapping.file)")
            }
            found.append(matching.sorted())
        }
        return found
    }

    private static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    private static func files(in path: String) -> [String]? {
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
