extension ExpressionCompiler {
    func time(_ operand: MappingNode, _ fields: MappingFields) throws(ImportError) -> Expression {
        let zone = try fields["zone"].map { (node) throws(ImportError) in try Self.zone(node) } ?? defaults.zone
        guard let zone else { throw fields.node.error("$time needs a \"zone\", here or at the top of the mapping") }
        let pattern = try fields["format"].map { (node) throws(ImportError) in try Self.pattern(node) }
        return .time(try expression(operand), pattern ?? defaults.timePattern, zone)
    }

    static func zone(_ node: MappingNode) throws(ImportError) -> TimeZoneRules {
        let name = try node.text()
        do throws(TimeZoneFault) {
            return try TimeZoneRules.named(name)
        } catch {
            var problem = node.error(error.text)
            problem.code = .timeZone
            throw problem
        }
    }

    static func pattern(_ node: MappingNode) throws(ImportError) -> TimePattern {
        let text = try node.text()
        do throws(TimePatternFault) {
            return try TimePattern(text)
        } catch {
            throw node.error(error.text)
        }
    }
}
