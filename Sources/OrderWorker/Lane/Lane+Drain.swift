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
        returnUntouched()
        while publisher.pendingCount > 0, session?.connection.isAlive == true, .now < deadline {
            attend(to: [.unblock, .retry])
            publish()
            if publishing?.isOpen != true { break }
            pump(until: .now + .milliseconds(20))
        }
        settleConfirmedWhenIdle()
        if publisher.pendingCount > 0 {
            log.notice("unpublished events are left to others", metadata: ["count": "\(publisher.pendingCount)"])
        }
        publishing?.close()
        dropSession()
        log.info("drained")
    }

    /// Ends the consumers, then gives back what was received and not processed: with a limit on deliveries set, it goes
    /// to the head of its queue, in order.
    private func returnUntouched() {
        guard let consuming, consuming.isOpen else { return }
        do {
            for (queue, _) in OrderflowTopology.inboundQueues {
                try consuming.cancel(tag: queue)
                try consuming.cancel(tag: OrderflowTopology.deadQueue(of: queue))
            }
            try consuming.receive { event in
                if case .delivery(let delivery) = event { received.append(Incoming(delivery) { decode($0, $1) }) }
            }
            if let last = received.last?.delivery, receivedHead < received.count {
                try consuming.requeue(last.deliveryTag, multiple: true, generation: last.generation)
            }
            consuming.close()
        } catch {
            // A connection that breaks gives everything back as well.
            log.notice("the consuming connection broke while draining", metadata: ["error": "\(error)"])
        }
        self.consuming = nil
        received = []
        receivedHead = 0
    }
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
