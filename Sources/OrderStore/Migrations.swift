public import Postgres

/// The schema, as numbered steps for a `Migrator`.
public enum Migrations {
    /// All steps in order.
    public static let all: [Migration] = {
        let steps: [(name: String, sql: [UInt8])] = [
            ("orders", PackageResources._001_orders_sql),
            ("payments", PackageResources._002_payments_sql),
            ("fulfilments", PackageResources._003_fulfilments_sql),
            ("stock", PackageResources._004_stock_sql),
            ("messages", PackageResources._005_messages_sql),
            ("logs", PackageResources._006_logs_sql),
            ("outbox", PackageResources._007_outbox_sql),
            ("due", PackageResources._008_due_sql),
            ("reference", PackageResources._009_reference_sql),
            ("roles", PackageResources._010_roles_sql),
            ("rules", PackageResources._011_rules_sql),
        ]
        let all = steps.enumerated().map { index, step in
            Migration(number: index + 1, name: step.name, sql: String(decoding: step.sql, as: UTF8.self))
        }
        #if FAULTS
            return all + testMigrations(after: all.count)
        #else
            return all
        #endif
    }()
}
