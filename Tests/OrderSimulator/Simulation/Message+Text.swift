package import OrderCore

extension Payload {
    /// Its type on the wire, without the version.
    package var name: String {
        switch self {
        case .orderPlaced: "order.placed"
        case .payment(let report): "payment." + report.key.kind.rawValue
        case .fulfilment(let report): "fulfilment." + report.kind.rawValue
        case .tracking: "tracking.checkpoint"
        case .stock(let report): "stock." + report.kind.rawValue
        case .productionDone: "production.done"
        case .request(let request): "order." + request.kind.rawValue
        case .command: "order.command"
        case .deadLetters(let command): "message." + command.kind.rawValue
        case .resend: "delivery.resend"
        case .reference(let update): update.kind.rawValue + ".updated"
        case .timer(let timer): "timer." + timer.kind.rawValue
        }
    }

    /// What it says, on one line.
    package var text: String {
        let what =
            switch self {
            case .orderPlaced(let placed):
                "\(placed.paymentTerm.rawValue) "
                    + placed.lines.map { "\($0.number): \($0.quantity) \($0.sku) at \($0.unitPrice)" }
                    .joined(separator: ", ")
            case .payment(let report):
                "\(report.amount) \(report.currency.code) \(report.key.transaction) reference \(report.key.reference)"
                    + (report.isCumulative ? " in sum" : "") + (report.requestID.map { " for \($0)" } ?? "")
            case .fulfilment(let report):
                [report.fulfilment, report.warehouse, report.shipment.map { "parcel \($0)" }].compactMap { $0 }
                    .joined(separator: " ")
                    + report.lines.map { " \($0.line): \($0.quantity)" }.joined(separator: ",")
                    + (report.isCumulative ? " in sum" : "") + (report.requestID.map { " for \($0)" } ?? "")
            case .tracking(let checkpoint): "\(checkpoint.shipment) \(checkpoint.code)"
            case .stock(let report): "\(report.quantity) \(report.key.subject)"
            case .productionDone(let done): "\(done.quantity) of line \(done.line) in \(done.warehouse)"
            case .request(let request): request.requestID
            case .command(let command): "\(command.action)"
            case .deadLetters, .resend: ""
            case .reference(let update): "\(update.code) revision \(update.revision)"
            case .timer(let timer): timer.reference
            }
        return ([name] + orderNumbers + [what]).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
