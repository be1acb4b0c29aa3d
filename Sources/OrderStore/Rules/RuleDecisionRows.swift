internal import OrderCore
internal import Postgres

extension RuleDecision: WrittenRow {
    static let table = Table(
        "rule_decisions",
        [
            .key("order_number", .text), .integer("version"), .text("phase"), .text("rule"), .text("rules"),
            Column(name: "inputs", type: .text, cast: "json"), .text("effect"),
        ])

    /// Of what is asked again and again the first of a kind is there already.
    static let insert = Statement("insert rule decisions", table.insert.sql + " ON CONFLICT DO NOTHING")

    func write(to sink: inout some FieldSink) {
        sink.put(orderNumber)
        sink.put(version)
        sink.put(phase)
        sink.put(rule)
        sink.put(rules)
        sink.put(json: inputsText)
        sink.put(effect)
    }

    private var inputsText: [UInt8] {
        var text = JSONText()
        text.raw("{")
        for (place, input) in inputs.sorted(by: { $0.key < $1.key }).enumerated() {
            if place > 0 { text.raw(",") }
            text.string(input.key)
            text.raw(":")
            text.string(input.value)
        }
        text.raw("}")
        return text.bytes
    }
}
