import Foundation
import Postgres
import TestSite

extension FaultCase {
    /// Workers whose clocks are an hour ahead and an hour behind: the database's clock counts.
    static let wrongClocks = FaultCase(
        id: "F13", title: "a worker's clock is an hour ahead, another's an hour behind", isShort: true
    ) { stage in
        let timeout = 6
        try stage.stampJournal()
        try stage.startCrewWithWrongClocks()
        try stage.site.open(
            skus: LoadOrder.skus, stock: 1_000_000,
            policy: [
                "paymentTimeoutSeconds": timeout, "releaseDelaySeconds": 2, "receipt": "confirmed",
                "autoReceiveAfterDeliverySeconds": 3,
            ], warehouses: LoadOrder.warehouses)
        stage.load.place(perSecond: stage.usualRate)
        let unpaid = stage.scale.pick(80, 400, 1_000)
        for index in 1...unpaid {
            try stage.site.place("shop/unpaid-\(index)", sku: LoadOrder.skus[0], id: "place unpaid \(index)")
            if index.isMultiple(of: 10) { stage.play(1) }
        }
        stage.time("the last timers have fired", limit: Double(timeout) + 15) {
            try stage.count(
                "SELECT count(*) FROM orders WHERE number LIKE 'shop/unpaid-%' AND status = 'cancelled'") == unpaid
        }
        let cancelled = {
            stage.site.sink.told("storefront", "order.cancelled").count { $0.subject.contains("unpaid") }
        }
        stage.time("the storefront has heard of all of them", limit: 10) { cancelled() >= unpaid }
        stage.check(cancelled() == unpaid, "the storefront heard of \(cancelled()) of \(unpaid) unpaid orders")
        try stage.checkTimers("payment_timeout", after: timeout, startedBy: "e.version = 1")
        try stage.checkTimers("release_delay", after: 2, startedBy: "e.to_status = 'awaiting_release'")
        try stage.checkTimers(
            "auto_receive", after: 3, startedBy: "(e.cause_id LIKE 'delivered %' OR e.cause_id LIKE 'shipped %')")
        try stage.checkTimes()
        // It also shows that the clock of the program can be wrong.
        let doctor = try Program.run(["doctor"], on: stage.site, environment: Preload.clock(ahead: 3_600))
        stage.check(doctor.output.contains("synchronise both by NTP"), "doctor sees no wrong clock: \(doctor.output)")
    }
}

extension Stage {
    /// One worker an hour ahead, one an hour behind, one that is right.
    fileprivate func startCrewWithWrongClocks() throws {
        for (replicas, ahead) in [(1, 3_600), (2, -3_600), (3, 0)] {
            let clock = try Preload.clock(ahead: ahead)
            crew.scale(to: replicas) { settings in
                settings.environment = clock
                // Else a timeout waits for half a minute more.
                settings.environment["ORDERFLOW_WORKER_MARKER_GRACE_SECONDS"] = "1"
            }
            time("a worker starts", limit: 5) { crew.workers.count == replicas }
        }
    }

    /// From now on the database writes down by its own clock when each entry of an order's journal came to be.
    fileprivate func stampJournal() throws {
        try site.database.execute(
            """
            CREATE TABLE stamps (order_number text, version bigint, at timestamptz, stamped timestamptz DEFAULT now());
            CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO stamps (order_number, version, at) VALUES (NEW.order_number, NEW.version, NEW.at);
                RETURN NULL;
            END $$;
            CREATE TRIGGER stamp AFTER INSERT ON order_journal FOR EACH ROW EXECUTE FUNCTION stamp();
            """)
    }

    /// Each timer of a kind fired once, and no earlier than so many seconds after the first entry that can have set it.
    fileprivate func checkTimers(_ kind: String, after seconds: Int, startedBy start: String) throws {
        let fired = try site.database.query(
            """
            WITH entries AS (
                SELECT j.*, s.stamped FROM order_journal AS j JOIN stamps AS s USING (order_number, version)),
            starts AS (
                SELECT e.order_number, min(e.stamped) AS stamped FROM entries AS e WHERE \(start) GROUP BY 1)
            SELECT f.order_number, f.cause_id, (1000 * extract(epoch FROM f.stamped - s.stamped))::bigint
            FROM entries AS f LEFT JOIN starts AS s USING (order_number) WHERE f.cause_source = 'orderflow/timer' AND f.cause_id LIKE '\(kind) %'
            """)
        check(fired.count > 0, "no \(kind) fired")
        check(Set(try fired.map { try $0.text(1) }).count == fired.count, "a \(kind) fired twice")
        for row in fired {
            let (order, waited) = (try row.text(0), try row.optionalInt(2) ?? 0)
            check(waited >= seconds * 1_000, "\(kind) of \(order) fired after \(waited) ms, not \(seconds) s")
        }
        measure("timers that fired: \(kind)", Double(fired.count), "")
    }

    /// What is stored and told has the database's time.
    fileprivate func checkTimes() throws {
        let strange = try count("SELECT count(*) FROM stamps WHERE abs(extract(epoch FROM at - stamped)) > 60")
        check(strange == 0, "\(strange) entries of the journal have another time than the database")
        struct Timed: Decodable { let time: Date }
        let decoder = JSONDecoder()
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        decoder.dateDecodingStrategy = .custom { try format.parse($0.singleValueContainer().decode(String.self)) }
        for told in site.sink.all {
            let time = try decoder.decode(Timed.self, from: Data(told.body)).time
            check(abs(time.timeIntervalSinceNow) < 1_800, "\(told.receiver) was told of \(told.type) at \(time)")
        }
    }
}
