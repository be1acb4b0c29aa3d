import OrderImport

/// A mapping with the files it is tried on.
struct ImportExample {
    struct Result {
        var messages: [ImportMessage]
        var refusals: [Refusal]
        var unused: [Refusal]

        /// The data of each message as JSON.
        var data: [String] {
            messages.map { message in
                let body = String(decoding: message.body, as: UTF8.self)
                return body.components(after: "\"data\":").map { String($0.dropLast()) } ?? body
            }
        }
    }

    let mapping: String

    init(_ mapping: String) { self.mapping = mapping }

    func run(_ files: [String: String]) throws -> Result {
        let folder = try TemporaryFolder(files)
        var run = try ImportRun(Mapping(text: mapping, file: "test.yaml"), paths: [folder.path])
        var messages: [ImportMessage] = []
        while let message = run.next() { messages.append(message) }
        let prefix = folder.path + "/"
        func short(_ refusal: Refusal) -> Refusal {
            var refusal = refusal
            refusal.file = String(refusal.file.dropFirst(refusal.file.hasPrefix(prefix) ? prefix.count : 0))
            refusal.reason = refusal.reason.replacing(prefix, with: "FOLDER/")
            return refusal
        }
        return Result(messages: messages, refusals: run.refusals.map(short), unused: run.unusedRows().map(short))
    }
}

extension String {
    fileprivate func components(after mark: String) -> Substring? {
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(mark) { return rest.dropFirst(mark.count) }
            rest = rest.dropFirst()
        }
        return nil
    }
}
