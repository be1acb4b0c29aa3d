import OrderCore
import OrderWorker
import Testing

@Suite("Who is believed")
struct AuthorityTests {
    private static let authority = {
        var authority = Authority()
        authority.sellersBySource = ["storefront": ["web"], "all": ["*"]]
        authority.sellersByUser = ["shop": ["app"]]
        authority.receiversBySpeaker = ["bridge": ["erp"], "storefront": ["storefront"], "erp": ["erp"]]
        authority.staffRolesByUser = ["alice": [.finance]]
        return authority
    }()

    private func sender(_ queue: String, source: String, user: String?) -> Sender {
        Self.authority.sender(queue: queue, source: source, user: user)
    }

    @Test("a source has what it is mapped to, where the broker vouches for no user that is mapped")
    func sources() {
        for user in [nil, "unmapped", "alice"] {
            #expect(
                sender("orders.commands", source: "storefront", user: user)
                    == .owner(of: ["web"], receiving: ["storefront"]))
            #expect(sender("orders.commands", source: "all", user: user) == .owner(of: nil))
            #expect(sender("orders.commands", source: "erp", user: user) == .owner(of: [], receiving: ["erp"]))
            #expect(sender("orders.commands", source: "nobody", user: user) == .stranger)
        }
    }

    @Test("a user that is mapped has its own rights alone, whatever source it writes")
    func users() {
        for source in ["storefront", "all", "erp", "nobody"] {
            #expect(sender("orders.commands", source: source, user: "shop") == .owner(of: ["app"]))
            #expect(sender("orders.commands", source: source, user: "bridge") == .owner(of: [], receiving: ["erp"]))
        }
    }

    @Test("staff are believed on their own queue alone, and nobody else is there")
    func staff() {
        #expect(sender("staff.commands", source: "console", user: "alice") == .staff(roles: [.finance]))
        for user in [nil, "shop", "bridge"] {
            #expect(sender("staff.commands", source: "all", user: user) == .stranger)
        }
    }
}
