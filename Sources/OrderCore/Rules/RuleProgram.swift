/// Conditions as a flat list of tests, each with the place to go on where it holds and where it does not: short-circuit
/// evaluation without a tree to walk, and without a reference to count.
struct RuleProgram: Sendable {
    /// Where evaluation ends.
    enum End {
        static let yes = -1
        static let no = -2
    }

    /// One test.
    struct Step {
        enum Subject {
            case order(OrderField)
            case line(LineField)
            /// The lines for which the steps from `body` on hold, by their number.
            case lines(RuleCondition.LineQuantifier, body: Int)
            case sum(LineField, body: Int)
            case history(BuyerHistory)
            case clock
        }

        /// What is compared; texts and sets stand beside the steps.
        enum Test {
            case isIn(set: Int)
            /// One text alone is compared, which costs less than its hash.
            case equals(text: Int)
            case within(Int64, Int64)
            case during(Int64, Int64)
            case contains(text: Int)
            case matches(text: Int)
            case exists(Bool)
            /// Decided by the subject alone.
            case asked
        }

        var subject: Subject
        var test: Test
        var yes: Int
        var no: Int
    }

    private var steps: [Step] = []
    private var sets: [Set<String>] = []
    private var texts: [String] = []
    private let lists: [String: RuleList]
    private let zoneSeconds: Int64

    init(lists: [String: RuleList], zoneSeconds: Int64) {
        self.lists = lists
        self.zoneSeconds = zoneSeconds
    }

    /// Adds a condition, and returns where its evaluation begins.
    ///
    /// Written from its end to its beginning: each test is told where those after it stand.
    mutating func add(_ condition: RuleCondition, yes: Int = End.yes, no: Int = End.no) -> Int {
        switch condition {
        case .all(let parts): parts.reversed().reduce(yes) { add($1, yes: $0, no: no) }
        case .any(let parts): parts.reversed().reduce(no) { add($1, yes: yes, no: $0) }
        case .not(let part): add(part, yes: no, no: yes)
        case .order(let field, let test): add(.order(field), test, yes, no)
        case .line(let field, let test): add(.line(field), test, yes, no)
        case .lines(let quantifier, let part): append(.lines(quantifier, body: add(part)), .asked, yes, no)
        case .sum(let field, let part, let test): add(.sum(field, body: add(part)), test, yes, no)
        case .history(let history, let test): add(.history(history), test, yes, no)
        }
    }

    /// Adds that it is between two moments.
    mutating func add(from: Timestamp?, until: Timestamp?, yes: Int) -> Int {
        guard from != nil || until != nil else { return yes }
        let last = until.map { $0.microseconds == .min ? .min : $0.microseconds - 1 } ?? .max
        return append(.clock, .within(from?.microseconds ?? .min, last), yes, End.no)
    }

    private mutating func add(_ subject: Step.Subject, _ test: RuleTest, _ yes: Int, _ no: Int) -> Int {
        switch test {
        case .isIn(let entries):
            if entries.count == 1, let only = entries.first {
                texts.append(only)
                return append(subject, .equals(text: texts.count - 1), yes, no)
            }
            sets.append(entries)
            return append(subject, .isIn(set: sets.count - 1), yes, no)
        case .isInList(let name):
            sets.append(lists[name]?.entries ?? [])
            return append(subject, .isIn(set: sets.count - 1), yes, no)
        case .within(let bounds): return append(subject, .within(bounds.lowerBound, bounds.upperBound), yes, no)
        case .during(let from, let until): return append(subject, .during(from, until), yes, no)
        case .contains(let part):
            texts.append(part)
            return append(subject, .contains(text: texts.count - 1), yes, no)
        case .matches(let pattern):
            texts.append(pattern)
            return append(subject, .matches(text: texts.count - 1), yes, no)
        case .exists(let wanted): return append(subject, .exists(wanted), yes, no)
        }
    }

    private mutating func append(_ subject: Step.Subject, _ test: Step.Test, _ yes: Int, _ no: Int) -> Int {
        steps.append(Step(subject: subject, test: test, yes: yes, no: no))
        return steps.count - 1
    }

    /// Whether the condition that begins there holds.
    func holds(_ start: Int, for subject: RuleSubject, line: Int = 0) -> Bool {
        var place = start
        while place >= 0 { place = holds(steps[place], subject, line) ? steps[place].yes : steps[place].no }
        return place == End.yes
    }

    private func holds(_ step: Step, _ subject: RuleSubject, _ line: Int) -> Bool {
        switch step.subject {
        case .order(let field):
            if field.kind.isNumeric { return holds(step.test, subject.number(field, zoneSeconds: zoneSeconds)) }
            return holds(step.test, subject.text(field, zoneSeconds: zoneSeconds))
        case .line(let field):
            if field.kind.isNumeric { return holds(step.test, subject.number(field, of: subject.lines[line])) }
            return holds(step.test, subject.text(field, of: subject.lines[line]))
        case .lines(let quantifier, let body):
            switch quantifier {
            case .any: return subject.lines.indices.contains { holds(body, for: subject, line: $0) }
            case .no: return !subject.lines.indices.contains { holds(body, for: subject, line: $0) }
            case .all: return subject.lines.indices.allSatisfy { holds(body, for: subject, line: $0) }
            }
        case .sum(let field, let body): return holds(step.test, sum(field, body, subject))
        case .history(let history): return holds(step.test, subject.history[history])
        case .clock: return holds(step.test, subject.now.microseconds)
        }
    }

    private func sum(_ field: LineField, _ body: Int, _ subject: RuleSubject) -> Int64 {
        var sum: Int64 = 0
        for line in subject.lines.indices where holds(body, for: subject, line: line) {
            let (next, overflow) = sum.addingReportingOverflow(subject.number(field, of: subject.lines[line]) ?? 0)
            sum = overflow ? .max : next
        }
        return sum
    }

    private func holds(_ test: Step.Test, _ number: Int64?) -> Bool {
        if case .exists(let wanted) = test { return (number != nil) == wanted }
        guard let number else { return false }
        switch test {
        case .within(let lower, let upper): return number >= lower && number <= upper
        case .during(let from, let until):
            return from <= until ? number >= from && number < until : number >= from || number < until
        default: return false
        }
    }

    private func holds(_ test: Step.Test, _ text: String?) -> Bool {
        if case .exists(let wanted) = test { return (text?.isEmpty == false) == wanted }
        guard let text else { return false }
        switch test {
        case .isIn(let set): return sets[set].contains(text)
        case .equals(let other): return text == texts[other]
        case .contains(let part): return RuleText.contains(text, texts[part])
        case .matches(let pattern): return RuleText.matches(text, texts[pattern])
        default: return false
        }
    }
}
