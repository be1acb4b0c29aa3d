internal import Logging
internal import OrderStore
internal import Postgres

// What others may change under a lane that runs: the schema, by a newer program that is being rolled out.
extension Lane {
    /// Asks how things stand. A program that is too old for the schema drains and ends.
    func checkStanding(_ session: LaneSession) throws(StoreError) {
        let standing = try session.store.standing()
        endIfBehind(standing, session)
        if standing.epoch != session.epoch {
            log.error("another epoch has begun under the lane", metadata: ["epoch": "\(standing.epoch)"])
            dropSession()
        }
    }

    private func endIfBehind(_ standing: Standing, _ session: LaneSession) {
        guard !standing.servesThisProgram else { return }
        do throws(PostgresError) {
            try Migrator(Migrations.all).requireCurrent(on: session.connection)
        } catch {
            endIfOutdated(error)
        }
    }

    /// Whether a fault of a batch may be its messages': on a schema that is too new none of them is to blame.
    func isServed(_ session: LaneSession) -> Bool {
        do throws(StoreError) {
            endIfBehind(try session.store.standing(), session)
        } catch {
            log.notice("can't ask whether the schema is still ours", metadata: ["error": "\(error)"])
        }
        return control.stopReason == nil
    }

    /// The schema has left this program behind: that never mends itself.
    func endIfOutdated(_ error: any Error) {
        guard let error = error as? PostgresError, case .migration(.ahead) = error.code else { return }
        log.critical("the worker drains and ends", metadata: ["reason": "\(error.message)"])
        control.stop(because: error.message)
    }
}
