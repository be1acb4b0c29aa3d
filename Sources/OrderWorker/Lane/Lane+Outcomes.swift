internal import Logging
internal import OrderMessages
internal import OrderStore
internal import Postgres

/// What can't be applied has an outcome too.
extension Lane {
    /// A message whose data can't be stored is dead, with the reason; the rest of its batch goes on.
    func bury(
        _ part: ArraySlice<WorkItem>, _ error: StoreError, _ parts: inout [ArraySlice<WorkItem>]
    ) {
        guard let session, let item = part.first else { return }
        do throws(StoreError) {
            try bury(item, error.description, "data_fault \(error.state)", session)
            settle(part)
        } catch {
            try? session.store.rollback()
            log.error("a dead message can't be recorded", metadata: ["error": "\(error)"])
            parts.append(part)
            rest(7)
        }
    }

    /// A key that another row has again and again is the message's own; any other fault that can pass will pass.
    func giveUp(_ part: ArraySlice<WorkItem>, _ error: StoreError, _ parts: inout [ArraySlice<WorkItem>]) {
        parts.removeLast()
        if error.state == "23505" { bury(part, error, &parts) } else { parkBusy(part, &parts) }
    }

    /// The message is dead, with the reason, and so are its marks gone.
    func bury(
        _ item: WorkItem, _ reason: String, _ fingerprint: String, _ session: LaneSession, undecoded: Bool = false
    ) throws(StoreError) {
        let plan = BatchPlan(burying: item, undecoded: undecoded)
        let loaded = try session.store.load(plan.request)
        var write = plan.bury(item, reason, fingerprint, loaded, owner: session.number)
        try write.announceDead(session.store, at: loaded.now)
        let result = try session.store.write(write)
        keep(write, result, session, at: loaded.now)
        log.error("a message is dead", metadata: ["reason": "\(reason)", "fingerprint": "\(fingerprint)"])
    }

    /// What can't be done now waits in the database, so that others go on.
    func parkBusy(_ part: ArraySlice<WorkItem>, _ parts: inout [ArraySlice<WorkItem>]) {
        guard let session, let item = part.first else { return }
        // What could not even be read names nothing that is locked for long.
        if case .delivery(let incoming) = item, !incoming.canWait { return parts.append(part) }
        do throws(StoreError) {
            if case .timer(let claimed) = item { try session.store.postpone([claimed], seconds: 60) }
            let plan = BatchPlan(parking: item)
            let loaded = try session.store.load(plan.request)
            try session.store.write(plan.parkBusy(item, loaded, owner: session.number))
            settle(part)
        } catch {
            try? session.store.rollback()
            parts.append(part)
        }
    }
}

extension Incoming {
    /// A message that could be read, which may wait in the database.
    fileprivate var canWait: Bool {
        guard !isDeadLettered, case .success = decoded.result else { return false }
        return true
    }
}

extension StoreError {
    /// The SQLSTATE, where there is one: data faults are grouped by it.
    fileprivate var state: String {
        guard case .database(let error) = self else { return "" }
        return error.sqlState?.rawValue ?? ""
    }
}
