internal import AMQP
internal import Logging
internal import OrderCore
internal import OrderMessages
internal import OrderStore
internal import Postgres

/// A database session with what is bound to it: when it ends, the lane's number is free and its rows are adopted.
struct LaneSession {
    let connection: PostgresConnection
    let store: Store
    /// The lane's number, new for each session.
    let number: Int64
    /// Of the event ids.
    let epoch: Int64
}

/// Why messages are not taken at the moment.
enum Pause {
    /// The database or its schema can't serve.
    case fault
    /// The outbox or the dead messages are over their bound.
    case bound
}

extension Lane {
    /// Makes what is missing; false where the lane has to wait first.
    ///
    /// Without the database nothing is consumed; after a minute without it, what is prefetched goes back for others.
    func ensureConnected() -> Bool {
        guard ensureSession() else { return false }
        ensurePublisher()
        ensureConsumer()
        return true
    }

    /// Waits until there is a database session; false when the worker is to stop before.
    func ensureSession() -> Bool {
        if session?.connection.isAlive == true { return true }
        dropSession()
        let since = ContinuousClock.now
        while !control.isStopping {
            databaseDialer.start()
            pump(until: .now + .seconds(1), ignoringArrivals: true)
            if let result = databaseDialer.take() { openSession(result) }
            if session != nil { return true }
            if consuming != nil, .now - since > .seconds(60) {
                log.error("the database is away for a minute: consuming ends, others may take over")
                abandonDeliveries()
            }
        }
        return false
    }

    private func openSession(_ result: Result<PostgresConnection, any Error>) {
        do {
            let connection = try result.get()
            connection.waiter = { [unowned self] wait in waitForDatabase(wait) }
            try Migrator(Migrations.all).requireCurrent(on: connection)
            let store = try Store(connection: connection)
            let number = try store.takeLaneNumber(instance: settings.instance)
            let epoch = try store.epoch()
            let opened = LaneSession(connection: connection, store: store, number: number, epoch: epoch)
            try followRules(opened)
            session = opened
            databaseDialer.worked()
            log.info("the lane has its session", metadata: ["number": "\(number)"])
        } catch {
            if case .success = result { databaseDialer.failed() }
            endIfOutdated(error)
            log.error("no database session", metadata: ["error": "\(error)"])
        }
    }

    /// Takes up rules that were published meanwhile, between two batches; for receivers that are new in them the publisher is dialled anew.
    func followRules(_ session: LaneSession) throws(StoreError) {
        try session.store.readRulesVersion()
        guard try rules.follow(session.store, log), namedReceivers.replace(rules.book.set.receivers) else { return }
        publishing?.close(timeout: .seconds(1))
        publishing = nil
        publisher.connectionLost()
    }

    /// Forgets the session: what it had not published is adopted, by this lane under its new number or by another.
    func dropSession() {
        guard let old = session else { return }
        session = nil
        old.connection.waiter = { $0.poll() }
        old.connection.close()
        publisher.forgetAll()
        duties.forgetSession()
    }

    private func ensurePublisher() {
        if publishing?.isOpen == true {
            guard let since = publishing?.awaitingConfirmSince, .now - since > .seconds(30) else { return }
            log.warning("no confirm for 30 s: the publishing connection is made anew")
        }
        if publishing != nil || publisher.hasUnderWay {
            publishing = nil
            publisher.connectionLost()
        }
        publisherDialer.start()
        switch publisherDialer.take() {
        case .success(let connection):
            publishing = connection
            duties.publisherLostAt = nil
            publisherDialer.worked()
        case .failure(let error): log.warning("no publishing connection", metadata: ["error": "\(error)"])
        case nil: break
        }
        if publishing == nil { notePublisherLost() }
    }

    /// A lane that can't reach the broker for 30 s forgets what it has not published; others may.
    private func notePublisherLost() {
        let since = duties.publisherLostAt ?? .now
        duties.publisherLostAt = since
        if .now - since > .seconds(30), publisher.pendingCount > 0 { duties.forgetsPending = true }
    }

    private func ensureConsumer() {
        if duties.consumersLost {
            duties.consumersLost = false
            abandonDeliveries()
        }
        if consuming?.isOpen == true { return }
        if consuming != nil { abandonDeliveries() }
        consumerDialer.start()
        switch consumerDialer.take() {
        case .success(let connection): consume(on: connection)
        case .failure(let error): log.warning("no consuming connection", metadata: ["error": "\(error)"])
        case nil: break
        }
    }

    private func consume(on connection: AMQPConnection) {
        do {
            for (queue, _) in OrderflowTopology.inboundQueues {
                try connection.consume(queue: queue, tag: queue, prefetch: settings.prefetch)
            }
            for (queue, _) in OrderflowTopology.inboundQueues {
                let dead = OrderflowTopology.deadQueue(of: queue)
                try connection.consume(queue: dead, tag: dead, prefetch: 20)
            }
            consuming = connection
            consumerDialer.worked()
            log.info("consuming", metadata: ["queues": "\(OrderflowTopology.inboundQueues.count)"])
        } catch {
            consumerDialer.failed()
            log.error("can't consume", metadata: ["error": "\(error)"])
        }
    }

    /// Lets go of what was received and not processed: closing the connection puts it back at the head of its queue.
    func abandonDeliveries() {
        consuming?.close(timeout: .seconds(1))
        consuming = nil
        received.removeAll()
        receivedBytes = 0
    }
}
