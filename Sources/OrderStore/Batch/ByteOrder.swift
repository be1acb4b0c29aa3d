internal import Glibc

extension String {
    /// The order of PostgreSQL's collation `C`: byte by byte. Keys are locked and inserted in it, lest two lanes deadlock.
    func precedes(_ other: String) -> Bool { byteOrder(other) < 0 }

    /// Negative when this one comes first, byte by byte; 0 when they are equal.
    func byteOrder(_ other: String) -> Int {
        let fast = utf8.withContiguousStorageIfAvailable { mine in
            other.utf8.withContiguousStorageIfAvailable { mine.byteOrder($0) }
        }
        if case .some(.some(let order)) = fast { return order }
        return Array(utf8).withUnsafeBufferPointer { mine in
            Array(other.utf8).withUnsafeBufferPointer { mine.byteOrder($0) }
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func byteOrder(_ other: UnsafeBufferPointer<UInt8>) -> Int {
        if let mine = baseAddress, let others = other.baseAddress {
            let order = memcmp(mine, others, Swift.min(count, other.count))
            if order != 0 { return Int(order) }
        }
        return count - other.count
    }
}

extension Sequence<String> {
    func sortedByBytes() -> [String] {
        sorted { $0.precedes($1) }
    }
}
