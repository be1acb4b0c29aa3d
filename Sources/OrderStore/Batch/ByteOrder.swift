internal import OrderCore

extension String {
    /// The order of PostgreSQL's collation `C`: byte by byte. Keys are locked and inserted in it, lest two lanes deadlock.
    func precedes(_ other: String) -> Bool {
        let fast = utf8.withContiguousStorageIfAvailable { mine in
            other.utf8.withContiguousStorageIfAvailable { mine.lexicographicallyPrecedes($0) }
        }
        if case .some(.some(let answer)) = fast { return answer }
        return utf8.lexicographicallyPrecedes(other.utf8)
    }
}

extension Sequence<String> {
    func sortedByBytes() -> [String] {
        sorted { $0.precedes($1) }
    }
}
