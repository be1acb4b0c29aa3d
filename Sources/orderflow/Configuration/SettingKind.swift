internal import AMQP
internal import Glibc
internal import OrderCore
internal import OrderRules
internal import Postgres

/// What a setting may be: how it is read and written.
struct SettingKind<Value: Sendable & Equatable>: Sendable {
    /// What is expected, for people: "a whole number from 1 to 64".
    let expectation: String
    var isSecret = false
    let read: @Sendable (RawSetting) throws(SettingProblem) -> Value
    let text: @Sendable (Value) -> String
}

extension SettingKind where Value == String {
    static func name(_ expectation: String = "a name without spaces, dots or slashes") -> SettingKind {
        scalar(expectation) { text in
            !text.isEmpty && text.utf8.count <= 100 && !text.contains { $0.isWhitespace || $0 == "/" || $0 == "." }
        }
    }

    static let path = scalar("the path of a file that can be read") { text in text.isEmpty || access(text, R_OK) == 0 }

    /// A URL that may hold a password, which is never shown.
    static let postgresURL = SettingKind(
        expectation: "postgresql://user@host:5432/database, or empty for the PG* variables",
        read: { raw throws(SettingProblem) in
            let text = try plain(raw, "a PostgreSQL URL")
            do throws(PostgresError) {
                _ = try PostgresConfiguration(uri: text)
            } catch { throw SettingProblem(error.message) }
            return text
        },
        text: { Masking.url($0) })

    static let amqpURL = SettingKind(
        expectation: "amqp://user@host:5672/vhost, or amqps://",
        read: { raw throws(SettingProblem) in
            let text = try plain(raw, "an AMQP URL")
            do throws(AMQPError) {
                _ = try AMQPURL(text, password: nil)
            } catch { throw SettingProblem(error.message) }
            return text
        },
        text: { Masking.url($0) })

    static let httpURL = SettingKind(
        expectation: "http://user@host:15672, or empty where there is none",
        read: { raw throws(SettingProblem) in
            let text = try plain(raw, "a URL")
            guard text.isEmpty || HTTPAddress(text) != nil else {
                throw SettingProblem("expected http://user:password@host:port, got something else")
            }
            return text
        },
        text: { Masking.url($0) })

    static let secret = SettingKind(
        expectation: "a secret; better in a file or a variable than here", isSecret: true,
        read: { raw throws(SettingProblem) in try plain(raw, "a secret", mayQuote: false) },
        text: { $0.isEmpty ? "" : Masking.stars })

    private static func scalar(_ expectation: String, _ isGood: @escaping @Sendable (String) -> Bool) -> SettingKind {
        SettingKind(
            expectation: expectation,
            read: { raw throws(SettingProblem) in
                let text = try plain(raw, expectation)
                guard isGood(text) else { throw SettingProblem("expected \(expectation), got \(raw.noun)") }
                return text
            },
            text: { $0 })
    }

    private static func plain(
        _ raw: RawSetting, _ expectation: String, mayQuote: Bool = true
    ) throws(SettingProblem) -> String {
        guard case .text(let text) = raw else {
            throw SettingProblem("expected \(expectation), got \(mayQuote ? raw.noun : "something else")")
        }
        return text
    }
}

extension SettingKind where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> SettingKind {
        let expectation = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return SettingKind(
            expectation: expectation,
            read: { raw throws(SettingProblem) in
                guard case .text(let text) = raw, let value = Int(text.filter { $0 != "_" }), range.contains(value)
                else { throw SettingProblem("expected \(expectation), got \(raw.noun)") }
                return value
            },
            text: { String($0) })
    }
}

extension SettingKind where Value == Bool {
    static let boolean = SettingKind(
        expectation: "true or false",
        read: { raw throws(SettingProblem) in
            switch raw {
            case .text("true"), .text("1"): return true
            case .text("false"), .text("0"): return false
            default: throw SettingProblem("expected true or false, got \(raw.noun)")
            }
        },
        text: { $0 ? "true" : "false" })
}

extension SettingKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    static var choice: SettingKind {
        let names = Value.allCases.map(\.rawValue)
        let expectation = names.joined(separator: ", ")
        return SettingKind(
            expectation: "one of \(expectation)",
            read: { raw throws(SettingProblem) in
                guard case .text(let text) = raw, let value = Value(rawValue: text) else {
                    var sentence = "expected one of \(expectation), got \(raw.noun)"
                    if case .text(let text) = raw, let meant = Spelling.nearest(to: text, among: names) {
                        sentence += ": did you mean \(meant)?"
                    }
                    throw SettingProblem(sentence)
                }
                return value
            },
            text: { $0.rawValue })
    }
}
