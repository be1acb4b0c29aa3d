import Foundation
import Glibc
import OrderSimulator
import Postgres
import Synchronization
import TestSite

/// Sessions of somebody else that lock rows of orders and of stock at random, in any order and for any time: some wait for
/// the workers in a ring, some longer than the workers do.
final class RowLockers: Sendable {
    private let site: Site
    private let isOpen = Atomic<Bool>(true)
    private let running = Atomic<Int>(0)

    /// - Parameter favourites: a pattern of orders that they lock more often than others.
    init(_ count: Int, on site: Site, favourites: String, seed: UInt64) {
        self.site = site
        for index in 0..<count {
            running.add(1, ordering: .relaxed)
            Thread.detachNewThread { [self] in
                var random = SeededGenerator(seed: seed &+ UInt64(index))
                while isOpen.load(ordering: .acquiring) { try? lock(favourites, &random) }
                running.subtract(1, ordering: .releasing)
            }
        }
    }

    /// Lets go of everything.
    func close() {
        isOpen.store(false, ordering: .releasing)
        while running.load(ordering: .acquiring) > 0 { usleep(1_000) }
    }

    private func lock(_ favourites: String, _ random: inout SeededGenerator) throws {
        let session = try site.connect()
        defer { session.close() }
        while isOpen.load(ordering: .acquiring) {
            try session.begin()
            do {
                for _ in 0..<3 {
                    try session.execute(statement(favourites, &random))
                    usleep(UInt32.random(in: 0...100_000, using: &random))
                }
                // Now and then for longer than a worker waits for a lock.
                if random.chance(percent: 5) { usleep(2_500_000) }
                try session.commit()
            } catch {
                // It was the one that had to give way.
                try session.rollback()
            }
            usleep(UInt32.random(in: 0...300_000, using: &random))
        }
    }

    private func statement(_ favourites: String, _ random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<40: "SELECT FROM orders WHERE number LIKE '\(favourites)' FOR UPDATE"
        case ..<60: "SELECT FROM stock ORDER BY random() LIMIT 1 FOR UPDATE"
        default: "SELECT FROM orders WHERE random() < 0.02 FOR UPDATE"
        }
    }
}
