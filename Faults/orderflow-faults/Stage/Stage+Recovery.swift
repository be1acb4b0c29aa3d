extension Stage {
    /// Something has come back: measures until all lanes consume again, and orders are taken.
    func timeRecovery(_ what: String, limit: Double, lanes: Int, _ lookout: Lookout) {
        let before = (try? lookout.orders()) ?? 0
        time(what, limit: limit) {
            try lookout.consumers() >= lanes && lookout.sessions() >= lanes && lookout.orders() > before
        }
    }
}
