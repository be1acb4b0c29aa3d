internal import OrderRules

/// Names, each with a list: who may speak for which channels, which broker user has which roles.
struct NameLists: Sendable, Equatable {
    var entries: [String: [String]] = [:]

    /// As in a variable or a flag: `storefront=web+app,alice=finance`.
    init(text: String) throws(SettingProblem) {
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                throw SettingProblem("expected name=one+two,other=three, got \"\(entry)\"")
            }
            entries[String(parts[0])] = parts[1].split(separator: "+").map(String.init)
        }
    }

    init() {}

    var text: String {
        let lists = entries.sorted { $0.key < $1.key }.map { name, list in
            "\(quoted(name)): [\(list.map(quoted).joined(separator: ", "))]"
        }
        return "{" + lists.joined(separator: ", ") + "}"
    }

    private func quoted(_ text: String) -> String {
        text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" } ? text : "\"\(text)\""
    }
}

extension SettingKind where Value == NameLists {
    /// - Parameter allowed: what may stand in the lists; nil for anything.
    static func lists(_ noun: String, of allowed: [String]?) -> SettingKind {
        let expectation =
            "names, each with a list of \(noun)" + (allowed.map { " (\($0.joined(separator: ", ")))" } ?? "")
        return SettingKind(
            expectation: expectation,
            read: { raw throws(SettingProblem) in
                let lists = try NameLists(raw, expectation)
                guard let allowed else { return lists }
                for (name, list) in lists.entries.sorted(by: { $0.key < $1.key }) {
                    for item in list where !allowed.contains(item) {
                        let meant = Spelling.nearest(to: item, among: allowed).map { ": did you mean \($0)?" } ?? ""
                        throw SettingProblem("\(name): \(item) is none of \(allowed.joined(separator: ", "))\(meant)")
                    }
                }
                return lists
            },
            text: { $0.text })
    }
}

extension NameLists {
    fileprivate init(_ raw: RawSetting, _ expectation: String) throws(SettingProblem) {
        switch raw {
        case .text(let text): try self.init(text: text)
        case .null: self.init()
        case .list: throw SettingProblem("expected \(expectation), got a list")
        case .map(let members, _):
            self.init()
            for (name, value) in members { entries[name] = try Self.list(name, value, expectation) }
        }
    }

    private static func list(
        _ name: String, _ value: RawSetting, _ expectation: String
    ) throws(SettingProblem) -> [String] {
        var list: [String] = []
        switch value {
        case .text(let text): list = [text]
        case .list(let items, let place):
            for item in items {
                guard case .text(let text) = item else {
                    throw SettingProblem("\(name): expected a list of names", at: place)
                }
                list.append(text)
            }
        case .map(_, let place): throw SettingProblem("\(name): expected a list of names", at: place)
        case .null: throw SettingProblem("\(name): expected a list of names, got nothing")
        }
        return list
    }
}
