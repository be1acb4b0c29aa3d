internal import OrderCore
internal import OrderStore

extension ConfigurationOptions {
    /// What the listing commands ask, over a session of their own.
    func queries() throws -> Queries {
        Queries(connection: try load().connectDatabase(isReading: true))
    }
}

extension Cell {
    static func time(_ time: Timestamp?) -> Cell { .time(time?.microseconds) }
}
