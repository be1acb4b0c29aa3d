import OrderCore

/// Orders, good and bad, and what the owners of reference data say.
extension Storyteller {
    mutating func placing(_ order: String) -> Message {
        var lines = (0..<number(1...3)).map { _ in
            OrderPlaced.Line.of(
                pick(["A", "A", "A", "A", "B", "B", "B", "B", "C", "V", "M"]), number(1...4),
                at: pick([100, 100, 100, 100, 33, 0]))
        }
        var term: PaymentTerm = pick([.online, .online, .online, .prepaid, .cashOnDelivery, .onAccount])
        // Those that are to meet are alike.
        if live.merges {
            term = seed.isMultiple(of: 3) ? .cashOnDelivery : seed.isMultiple(of: 2) ? .online : .onAccount
        }
        let (shipping, discount) = (pick([0, 10] as [Int64]), pick([0, 0, 0, 7, 7, 7] as [Int64]))
        let flaw = chance(20) ? number(0...8) : -1
        if flaw == 0 { lines.append(.of("Z", 1, at: 100)) }
        if flaw == 1 { lines.append(.of("U", 1, at: 100)) }
        if flaw == 2 { lines = [] }
        if flaw == 3 { lines.append(.of("A", 500, at: 1)) }
        return live.placing(order, lines, term: term) { placed in
            if order.hasPrefix("zz/") { placed.kind = .external }
            placed.buyer = "b"
            placed.claimed.shipping = shipping
            placed.claimed.discount = discount
            switch flaw {
            case 4: placed.claimedPayable = 1
            case 5: placed.claimedGoods = 1
            case 6: placed.receiver.phone = nil
            case 7: placed.claimed.discount = 100_000
            case 8: placed.defects = [Reason(.malformed, path: "placedAt", "it can't be read")]
            default: break
            }
        }
    }

    /// A product, a warehouse or a seller is told anew, or an older revision comes late.
    mutating func updating() -> Message {
        let reference = live.set.reference
        let newer = chance(85) ? Int64(1) : -1
        switch number(0...3) {
        case 0:
            var product = reference.products["Z"] ?? Product(sku: "Z", revision: 0)
            product.revision += newer
            product.isListed = chance(80)
            return live.updating(.product(product))
        case 1:
            guard var product = reference.products["U"] else { return updating() }
            product.revision += newer
            product.isListed.toggle()
            return live.updating(.product(product))
        case 2:
            guard var warehouse = reference.warehouses["S"] else { return updating() }
            warehouse.revision += newer
            warehouse.isActive.toggle()
            return live.updating(.warehouse(warehouse))
        default:
            let key = pick([SellerKey(.internal, "web"), SellerKey(.external, "tm")])
            guard var seller = reference.sellers[key] else { return updating() }
            seller.revision += newer
            seller.isActive.toggle()
            return live.updating(.seller(seller))
        }
    }
}
