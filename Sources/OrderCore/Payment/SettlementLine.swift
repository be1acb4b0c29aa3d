/// A line of what is settled between a partner and us: finance keeps the statement.
public struct SettlementLine: Hashable, Sendable {
    /// What it does to what the partner owes us.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Takes off what was owed for units that were cancelled: the partner pays the buyer back.
        case reversal
    }

    /// What it does.
    public let kind: Kind
    /// Minor units, not negative.
    public let amount: Int64
    /// Why, as a code: `cancelled`, `short`.
    public let reason: String
}
