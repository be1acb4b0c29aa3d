internal import OrderCore

/// The JSON Schema of rule files, made from the enumerations that they are read by: editors complete keys and words with it.
public enum RuleSchema {
    /// The schema, as `docs/rules.schema.json` has it.
    public static var text: String { root.written() + "\n" }

    private static var root: JSONTree {
        .object([
            ("$schema", .text("http://json-schema.org/draft-07/schema#")),
            ("title", .text("Rules of operations")),
            ("type", .text("object")),
            ("additionalProperties", .flag(false)),
            (
                "properties",
                .object([
                    (
                        FileKey.zone.rawValue,
                        text("Offset from UTC of times of day and days of the week, once in a folder: \"+08:00\"")
                    ),
                    (FileKey.lists.rawValue, map(of: reference("list"), "Names that rules share, with their entries.")),
                    (
                        FileKey.tables.rawValue,
                        map(of: reference("table"), "What parcels cost and how far they go, from warehouses to areas.")
                    ),
                    (
                        FileKey.warehouses.rawValue,
                        map(of: reference("warehouse"), "What operations say of warehouses, by code.")
                    ),
                    (
                        FileKey.carriers.rawValue,
                        map(of: reference("carrierPlace"), "Carriers by code; where told, rules name no other.")
                    ),
                    (
                        FileKey.stockShares.rawValue,
                        list(of: reference("stockShare"), "How stock is split by channel; the first that fits counts.")
                    ),
                    (
                        FileKey.rules.rawValue,
                        list(of: reference("rule"), "Each says when it is asked, when it matches, and what follows.")
                    ),
                    (
                        FileKey.examples.rawValue,
                        list(of: reference("example"), "Orders, and what the rules are to say of them.")
                    ),
                ])
            ),
            ("definitions", .object(definitions)),
        ])
    }

    private static var definitions: [(String, JSONTree)] {
        [
            ("name", .object([("type", .texts(["string", "number"]))])),
            ("names", .object([("anyOf", .list([reference("name"), list(of: reference("name"))]))])),
            ("moment", text("A moment with its zone: 2026-11-01T00:00:00+08:00")),
            ("amount", .object([("type", .text("integer")), ("description", .text("Minor units: 100 is 1.00 CNY"))])),
            ("count", .object([("type", .text("integer")), ("minimum", .number(1))])),
            ("duration", duration),
            ("list", listDefinition), ("table", table), ("warehouse", warehouse), ("carrierPlace", carrier),
            ("stockShare", stockShare),
            ("rule", rule),
            ("condition", either(reference("conditionMembers"), list(of: reference("condition")))),
            ("lineCondition", either(reference("lineConditionMembers"), list(of: reference("lineCondition")))),
            ("conditionMembers", conditionMembers),
            ("lineConditionMembers", lineConditionMembers),
            ("sum", sum),
            ("history", history),
        ] + tests + actionDefinitions + exampleDefinitions
    }

    private static var rule: JSONTree {
        object(
            RuleKey.allCases.map { key in
                switch key {
                case .name: (key.rawValue, reference("name", "Known by it, in journals too; unique in the folder."))
                case .title: (key.rawValue, text("What staff call it, in any language."))
                case .phase: (key.rawValue, words(RulePhase.keys, "When it is asked."))
                case .priority:
                    (key.rawValue, integer("The smaller, the earlier it is asked; 100 where none is given."))
                case .enabled: (key.rawValue, flag("A rule that is switched off is checked, and never asked."))
                case .from: (key.rawValue, reference("moment", "Asked from then on."))
                case .until: (key.rawValue, reference("moment", "Not asked from then on."))
                case .channels, .partners:
                    (key.rawValue, reference("names", "Codes of channels and partners; left out: of all."))
                case .when: (key.rawValue, reference("condition", "What must be so; left out: always."))
                case .then: (key.rawValue, reference("actions", "What follows."))
                case .stop: (key.rawValue, flag("No later rule of the phase is asked where this one matches."))
                }
            }, required: [RuleKey.name, .phase, .then].map(\.rawValue))
    }

    private static var listDefinition: JSONTree {
        either(
            list(of: reference("name")),
            object(
                ListKey.allCases.map { key in
                    switch key {
                    case .title: (key.rawValue, text("What staff call it."))
                    case .entries: (key.rawValue, list(of: reference("name"), "What is in it."))
                    case .file: (key.rawValue, text("A *.txt beside the rules with one entry a line."))
                    }
                }))
    }

    private static var duration: JSONTree {
        object(
            DurationKey.allCases.map { ($0.rawValue, .object([("type", .text("integer")), ("minimum", .number(0))])) })
    }
}

// What conditions are made of.
extension RuleSchema {
    private static var conditionMembers: JSONTree {
        object(
            combinations("condition")
                + RuleCondition.LineQuantifier.allCases.map { ($0.rawValue, reference("lineCondition")) }
                + [(SumKey.name, reference("sum"))] + HistoryKey.allCases.map { ($0.rawValue, reference("history")) }
                + OrderField.allCases.map { field in
                    let phases = field.phases.map(\.rawValue).joined(separator: ", ")
                    return (
                        field.rawValue,
                        test(of: field.kind, field.phases == RulePhase.allCases ? nil : "In phases \(phases).")
                    )
                })
    }

    private static var lineConditionMembers: JSONTree {
        object(combinations("lineCondition") + LineField.allCases.map { ($0.rawValue, test(of: $0.kind)) })
    }

    private static func combinations(_ definition: String) -> [(String, JSONTree)] {
        CombinationKey.allCases.map { key in
            switch key {
            case .all: (key.rawValue, reference(definition, "Each of them."))
            case .any: (key.rawValue, reference(definition, "At least one of them."))
            case .not:
                (key.rawValue, reference(definition, "Of a list: none of them; of keys: not all of them together."))
            }
        }
    }

    private static var sum: JSONTree {
        object(
            [
                (SumKey.of.rawValue, words(LineField.summable.map(\.rawValue), "What is summed.")),
                (SumKey.where.rawValue, reference("lineCondition", "Of which lines; left out: of all.")),
            ] + operators(RuleOperator.comparisons, integer()), required: [SumKey.of.rawValue])
    }

    private static var history: JSONTree {
        object(
            DurationKey.allCases.map { ($0.rawValue, reference("count")) }
                + operators(RuleOperator.comparisons, integer()))
    }

    /// A definition for each kind of field; words differ by field and stand with it.
    private static var tests: [(String, JSONTree)] {
        let time = JSONTree.object([("type", .text("string")), ("pattern", .text("^([01][0-9]|2[0-4]):[0-5][0-9]$"))])
        return [
            ("text", test(reference("name"), .text)), ("number", test(integer(), .number)),
            ("money", test(reference("amount"), .amount)), ("time", test(time, .timeOfDay)),
            ("flag", test(flag(), .flag)),
        ]
    }

    private static func test(of kind: RuleFieldKind, _ description: String? = nil) -> JSONTree {
        switch kind {
        case .text: reference("text", description)
        case .number: reference("number", description)
        case .amount: reference("money", description)
        case .timeOfDay: reference("time", description)
        case .flag: reference("flag", description)
        case .word(let words): test(self.words(words), kind)
        }
    }

    /// A value, a list of values, or operators; each as far as the kind has it.
    private static func test(_ value: JSONTree, _ kind: RuleFieldKind) -> JSONTree {
        let fitting = RuleOperator.fitting(kind)
        var forms = [object(operators(fitting, value))]
        if fitting.contains(.in) { forms.insert(list(of: value), at: 0) }
        if fitting.contains(.is) { forms.insert(value, at: 0) }
        return .object([("anyOf", .list(forms))])
    }

    private static func operators(_ operators: [RuleOperator], _ value: JSONTree) -> [(String, JSONTree)] {
        operators.map { used in
            switch used {
            case .is, .not, .atLeast, .above, .atMost, .below: (used.rawValue, value)
            case .in, .notIn: (used.rawValue, list(of: value))
            case .between: (used.rawValue, list(of: value, size: 2))
            case .inList, .notInList: (used.rawValue, text("The name of a list."))
            case .contains: (used.rawValue, text("This text is in it; Latin letters in any case."))
            case .matches: (used.rawValue, text("It looks like this: * stands for any text, ? for one character."))
            case .exists: (used.rawValue, flag("It is there, or it is not."))
            }
        }
    }
}
