internal import AMQP
internal import Logging
internal import OrderCore
internal import OrderMessages
internal import OrderStore
internal import Postgres

extension Lane {
    /// What SIGTERM asks for: no more messages, the untouched back in order, what is committed confirmed, then goodbye.
    func drain() {
        let deadline = ContinuousClock.now + .seconds(settings.drainSeconds)
        log.info("draining", metadata: ["unpublished": "\(publisher.pendingCount)"])
        endIntake()
        while publisher.pendingCount > 0 || control.takesIn, session?.connection.isAlive == true, .now < deadline {
            attend(to: [.unblock, .retry])
            publish()
            // Other lanes wait for the rows of this one to be gone.
            settleConfirmed()
            if publisher.pendingCount > 0, publishing?.isOpen != true { break }
            pump(until: .now + .milliseconds(20), ignoringArrivals: true)
        }
        settleConfirmed()
        returnUntouched()
        if publisher.pendingCount > 0 {
            log.notice("unpublished events are left to others", metadata: ["count": "\(publisher.pendingCount)"])
        }
        publishing?.close()
        dropSession()
        log.info("drained")
    }

    private func endIntake() {
        defer { control.endIntake(pulse) }
        guard let consuming, consuming.isOpen else { return }
        do {
            for (queue, _) in OrderflowTopology.inboundQueues {
                try consuming.cancel(tag: queue)
                try consuming.cancel(tag: OrderflowTopology.deadQueue(of: queue))
            }
        } catch {
            log.notice("the consuming connection broke while draining", metadata: ["error": "\(error)"])
        }
    }

    /// Gives back what was received and not processed. The broker returns in order what a connection held when it ends;
    /// a nack of many it returns in any order. No lane of this process consumes any more, so that none gets it again.
    private func returnUntouched() { abandonDeliveries() }
}

extension Lane {
    /// Decodes a delivery and says who is believed to speak in it.
    func decode(_ delivery: Delivery, _ queue: String) -> Decoded {
        let raw = RawMessage(delivery, queue: queue)
        var decoded = decoder.decode(raw, receivedAt: Timestamp(microseconds: 0), sender: .stranger)
        if case .success(var messages) = decoded.result {
            for index in messages.indices {
                messages[index].sender = settings.authority.sender(
                    queue: queue, source: messages[index].identity.source, user: raw.userID)
            }
            decoded.result = .success(messages)
        }
        return decoded
    }
}
