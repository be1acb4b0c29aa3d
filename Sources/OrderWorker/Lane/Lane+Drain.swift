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
        control.endIntake(pulse)
        while publisher.pendingCount > 0 || control.takesIn, session?.connection.isAlive == true, .now < deadline {
            attend(to: [.unblock, .setAside])
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

    /// Gives back what was received and not processed, by ending the connection: the broker then returns in order what it
    /// held. After a cancel it would return what is on its way in any order, and after a nack of many all of them.
    /// No lane of this process acks any more by now, so that another gets little of it.
    private func returnUntouched() { abandonDeliveries() }
}
