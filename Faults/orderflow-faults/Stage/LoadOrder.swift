import OrderSimulator

/// An order of the load, and what will become of it: the same for the same seed and place.
struct LoadOrder: Sendable {
    enum Story: Sendable {
        /// Placed, paid, shipped, delivered.
        case ordinary
        /// Paid before it is placed.
        case paidFirst
        /// Paid in two parts.
        case paidInParts
        /// Sold by a partner, who has been paid.
        case external
        /// The buyer thinks again at once: before, during or after the payment.
        case cancelledEarly
        /// The buyer thinks again when the warehouse has it.
        case cancelledLate
        /// Staff take a unit off when the warehouse has it.
        case fewerUnits
        /// Staff name another receiver when the warehouse has it.
        case otherReceiver
    }

    struct Line: Sendable {
        var sku: String
        var quantity: Int
    }

    let number: String
    let story: Story
    let lines: [Line]
    /// The warehouse sends it in two parcels, where there is something to part.
    let isParted: Bool
    /// The warehouse agrees to stop it, or to ship it otherwise.
    let isStoppable: Bool

    /// What is to be paid, in minor units.
    var payable: Int { lines.reduce(0) { $0 + $1.quantity } * Self.unitPrice }
    var isExternal: Bool { story == .external }
    /// Somebody thinks again: it lies in the warehouse for longer.
    var isThoughtOver: Bool {
        switch story {
        case .cancelledEarly, .cancelledLate, .fewerUnits, .otherReceiver: true
        case .ordinary, .paidFirst, .paidInParts, .external: false
        }
    }

    static let unitPrice = 1_000
    static let skus = ["TEA", "CUP", "POT", "TRAY", "LAMP", "MAT"]
    static let warehouses = ["WH1", "WH2"]

    init(_ index: Int, seed: UInt64) {
        var random = SeededGenerator(seed: seed &+ UInt64(index) &* 0x9E37_79B9)
        story =
            switch Int.random(in: 0..<100, using: &random) {
            case ..<48: .ordinary
            case ..<55: .fewerUnits
            case ..<60: .otherReceiver
            case ..<68: .paidFirst
            case ..<73: .paidInParts
            case ..<85: .external
            case ..<93: .cancelledEarly
            default: .cancelledLate
            }
        number = (story == .external ? "mall/" : "shop/") + String(index)
        let skus = Self.skus.shuffled(using: &random)
        var lines = skus.prefix(Int.random(in: 1...3, using: &random)).map {
            Line(sku: $0, quantity: Int.random(in: 1...3, using: &random))
        }
        // A unit less is still an order.
        if story == .fewerUnits { lines[0].quantity += 1 }
        self.lines = lines
        isParted = random.chance(percent: 20)
        isStoppable = random.chance(percent: 70)
    }
}
