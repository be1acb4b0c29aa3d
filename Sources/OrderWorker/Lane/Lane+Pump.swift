internal import AMQP
internal import Glibc
internal import Logging
internal import OrderStore
internal import Postgres

extension Lane {
    /// The one place where the lane waits: until `descriptor` is ready, something was woken or received, or the deadline.
    ///
    /// Meanwhile it reads deliveries into the next batch, settles confirms, sends what waits and keeps heartbeats alive.
    /// Nothing here throws: a connection that breaks is dropped, and made anew when the lane comes back to it.
    ///
    /// - Parameter ignoringArrivals: what is received is kept, but does not end the waiting.
    func pump(
        until deadline: ContinuousClock.Instant, descriptor: Int32 = -1, forWriting: Bool = false,
        ignoringArrivals: Bool = false
    ) {
        let isForBroker = descriptor < 0 && !ignoringArrivals
        repeat {
            pulse.beat()
            returnHeldTooLong()
            if serviceBroker(), isForBroker { return }
            if poll(until: deadline, descriptor, forWriting) { return }
        } while ContinuousClock.now < deadline
    }

    /// A batch that is in hand for long holds up all that was received with it: it comes again, here or elsewhere, within
    /// the time that a marker's grace counts on. What is in hand goes on, and the inbox knows it when it comes.
    private func returnHeldTooLong() {
        guard let inHandUntil, inHandUntil <= .now, consuming != nil else { return }
        log.warning("a batch is in hand for long: what was received goes back")
        abandonDeliveries()
    }

    private var inHandUntil: ContinuousClock.Instant? {
        consuming == nil ? nil : inHandSince.map { $0 + .seconds(20) }
    }

    /// Lets the database connection wait here.
    func waitForDatabase(_ wait: SocketWait) {
        pump(
            until: wait.deadline ?? .now + .seconds(3_600), descriptor: wait.descriptor, forWriting: wait.forWriting)
    }

    /// A lane that has nothing but a database to wait for, and that silent, still shows the watchdog its pulse.
    private static let longestPoll = Duration.seconds(5)

    /// Polls once; true when what the caller waits for may be there.
    private func poll(until deadline: ContinuousClock.Instant, _ descriptor: Int32, _ forWriting: Bool) -> Bool {
        var entries = [
            pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(forWriting ? POLLIN | POLLOUT : POLLIN), revents: 0),
            entry(of: consuming, reads: hasRoom),
            entry(of: publishing, reads: true),
        ]
        let isBuffered = hasRoom && consuming?.hasBufferedInput == true || publishing?.hasBufferedInput == true
        let due =
            isBuffered
            ? .now
            : [deadline, .now + Self.longestPoll, consuming?.nextDeadline, publishing?.nextDeadline, inHandUntil]
                .compactMap { $0 }.min() ?? deadline
        let ready = Glibc.poll(&entries, nfds_t(entries.count), Self.milliseconds(until: due))
        guard ready > 0 else { return false }
        if entries[0].revents != 0 {
            wake.clear()
            if descriptor < 0 { return true }
        }
        return entries[1].revents != 0
    }

    private func entry(of connection: AMQPConnection?, reads: Bool) -> pollfd {
        guard let connection, connection.isOpen else { return pollfd(fd: -1, events: 0, revents: 0) }
        let events = (reads ? POLLIN : 0) | (connection.wantsWrite ? POLLOUT : 0)
        return pollfd(fd: connection.fileDescriptor, events: Int16(events), revents: 0)
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let (seconds, attoseconds) = ContinuousClock.now.duration(to: deadline).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return Int32(clamping: seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    /// Reads and writes what can be without waiting; true when there is something new to work on.
    private func serviceBroker() -> Bool {
        let before = received.count
        var settled = false
        if let consuming {
            drop(
                &self.consuming, "consuming",
                unless: {
                    if hasRoom { try consuming.receive(maxBytes: settings.batchBytes) { take($0) } }
                    if consuming.wantsWrite { try consuming.flush() }
                    try consuming.serviceHeartbeat()
                })
        }
        if let publishing {
            drop(
                &self.publishing, "publishing",
                unless: {
                    try publishing.receive { settled = take($0) || settled }
                    if publishing.wantsWrite { try publishing.flush() }
                    try publishing.serviceHeartbeat()
                })
        }
        // The next rows go out at once: publishing must not wait for the database.
        if settled, publishing?.isWindowLow == true { publish() }
        return received.count > before || settled
    }

    private func drop(_ connection: inout AMQPConnection?, _ what: String, unless body: () throws -> Void) {
        do {
            try body()
        } catch {
            log.warning("lost the \(what) connection", metadata: ["error": "\(error)"])
            connection = nil
        }
    }

    /// Less is received and not processed than the bound.
    private var hasRoom: Bool { receivedBytes < settings.receivedBytes }

    private func take(_ event: AMQPEvent) {
        switch event {
        case .delivery(let delivery):
            let incoming = Incoming(delivery, reader)
            received.append(incoming)
            receivedBytes += incoming.size
        case .consumerCancelled(let tag):
            log.warning("the broker ended a consumer", metadata: ["queue": "\(tag)"])
            duties.consumersLost = true
        case .blocked, .unblocked, .settled, .returned: break
        }
    }

    /// What the broker says about our publishes; true when a row was settled.
    private func take(_ event: AMQPEvent) -> Bool {
        switch event {
        case .settled(let settlement):
            publisher.settle(settlement)
            FailurePoint.afterConfirm.pass()
            return true
        case .blocked(let reason): log.warning("the broker takes no publishes", metadata: ["reason": "\(reason)"])
        case .unblocked: log.info("the broker takes publishes again")
        case .returned, .delivery, .consumerCancelled: break
        }
        return false
    }
}
