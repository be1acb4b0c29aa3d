internal import AMQP
internal import OrderWorker

/// Looks at the broker: is it there, has it what the wire contract asks for, does somebody consume.
struct BrokerDoctor {
    let configuration: Configuration
    /// Receivers that rules name, whose queues are looked at too.
    var receivers: Set<String> = []

    private var topology: Topology { OrderflowTopology.whole(naming: receivers) }

    func examine(isQuick: Bool) -> [Diagnosis] {
        let connection: AMQPConnection
        do throws(AMQPError) {
            connection = try configuration.connectBroker(.publishing)
        } catch {
            return [unreachable(error)]
        }
        defer { connection.close() }
        var diagnoses = [Diagnosis.ok("broker", "reachable at \(connection.url)")]
        guard !isQuick else { return diagnoses }
        do throws(AMQPError) {
            let findings = try topology.check(on: connection).map(TopologyFinding.init)
            diagnoses += Self.diagnoses(findings, none: "exchanges and queues are as the wire contract says")
            diagnoses += try depths(connection)
        } catch {
            diagnoses.append(.away("broker", "\(error)", mend: "see the broker's log"))
        }
        return diagnoses + management()
    }

    /// What is only missing goes into one line: of a new broker that is everything.
    private static func diagnoses(_ findings: [TopologyFinding], none: String) -> [Diagnosis] {
        guard !findings.isEmpty else { return [.ok("topology", none)] }
        let missing = findings.filter(\.isMissing)
        let others = findings.filter { !$0.isMissing }.map { finding in
            Diagnosis.wrong("topology", "\(finding.place): \(finding.text)", mend: finding.mend)
        }
        guard let first = missing.first else { return others }
        let rest = missing.count > 1 ? " and \(missing.count - 1) more" : ""
        return others + [.wrong("topology", "missing: \(first.place)\(rest)", mend: first.mend)]
    }

    private func unreachable(_ error: AMQPError) -> Diagnosis {
        switch error.code {
        case .accessRefused:
            .wrong(
                "broker", "\(error)",
                mend: "mend user, password or vhost: amqp.url, amqp.passwordFile, `rabbitmqctl set_permissions`")
        case .tlsFailed:
            .wrong(
                "broker", "\(error)",
                mend: "mend amqp.caFile, or the host name in amqp.url, which the certificate must name")
        case .invalidURL, .invalidArgument: .wrong("broker", "\(error)", mend: "mend amqp.url")
        default: .away("broker", "\(error)", mend: "start it, or mend amqp.url; workers wait for it meanwhile")
        }
    }

    /// Who consumes, and what lies where nothing should.
    private func depths(_ connection: AMQPConnection) throws(AMQPError) -> [Diagnosis] {
        var unconsumed: [String] = []
        var consumed = 0
        var diagnoses: [Diagnosis] = []
        for (queue, _) in OrderflowTopology.inboundQueues {
            guard let status = try existing(queue, connection) else { continue }
            if status.consumerCount > 0 {
                consumed += 1
            } else {
                unconsumed.append("\(queue) (\(status.messageCount) messages)")
            }
            let dead = OrderflowTopology.deadQueue(of: queue)
            if let depth = try existing(dead, connection)?.messageCount, depth > 0 {
                diagnoses.append(
                    .warning(
                        "dead letters", "\(dead) holds \(depth) messages",
                        mend: "a running worker moves them into the table: `orderflow dead list`"))
            }
        }
        if unconsumed.isEmpty {
            diagnoses.append(
                .ok("consumers", "\(consumed) of \(OrderflowTopology.inboundQueues.count) queues have one"))
        } else {
            diagnoses.append(
                .warning(
                    "consumers", "nobody consumes \(unconsumed.joined(separator: ", "))",
                    mend: "start `orderflow worker`"))
        }
        let parkedAway = [
            (
                OrderflowTopology.unrouted,
                "senders use routing keys that the wire contract does not know: read and mend them"
            ),
            (OrderflowTopology.oversize, "bodies over 1 MiB: tell their senders, then purge"),
        ]
        for (queue, mend) in parkedAway {
            if let depth = try existing(queue, connection)?.messageCount, depth > 0 {
                diagnoses.append(.warning("broker", "\(queue) holds \(depth) messages", mend: mend))
            }
        }
        return diagnoses
    }

    private func existing(_ queue: String, _ connection: AMQPConnection) throws(AMQPError) -> QueueStatus? {
        do throws(AMQPError) {
            return try connection.checkQueue(queue)
        } catch {
            guard error.code == .notFound || error.code == .resourceLocked else { throw error }
            return nil
        }
    }

    /// What only the management API tells.
    private func management() -> [Diagnosis] {
        do {
            guard let management = try configuration.management() else {
                return [
                    .warning(
                        "management", "bindings, policies and alarms were not looked at", mend: "set management.url")
                ]
            }
            let findings =
                try TopologyFinding.bindings(management, topology)
                + TopologyFinding.policies(management, topology)
            let none = "bindings are as the wire contract says, and no policy interferes"
            return Self.diagnoses(findings, none: none) + (try alarms(management))
        } catch let failure as Failure {
            return [.warning("management", failure.description, mend: "mend management.url, or leave it empty")]
        } catch {
            return [.warning("management", "\(error)", mend: "mend amqp.url")]
        }
    }

    private func alarms(_ management: BrokerManagement) throws(Failure) -> [Diagnosis] {
        let nodes = try management.nodes()
        let alarms = nodes.flatMap { node -> [Diagnosis] in
            var found: [Diagnosis] = []
            if node.running == false {
                found.append(
                    .warning("broker", "node \(node.name) is down", mend: "start it: quorum queues need a majority"))
            }
            if node.memAlarm == true {
                found.append(
                    .wrong(
                        "broker", "memory alarm on \(node.name): it takes no messages",
                        mend: "see which queue grows; add memory or consumers"))
            }
            if node.diskFreeAlarm == true {
                found.append(
                    .wrong("broker", "disk alarm on \(node.name): it takes no messages", mend: "free disk space there"))
            }
            return found
        }
        return alarms.isEmpty ? [.ok("alarms", "none on \(nodes.count) nodes")] : alarms
    }
}
