/// Splitting an amount into integer parts that sum to it exactly.
///
/// One rule everywhere: largest remainder (Hamilton's method), ties to the lower index; all weights zero: by `fallback`.
public enum Allocation {
    /// Parts of `amount`, one a weight, proportional to the weights.
    ///
    /// - Parameters:
    ///   - amount: what is split, in minor units; a negative amount is split like its absolute value.
    ///   - weights: not negative.
    ///   - fallback: used where all weights are zero, for example quantities; all of these zero too: equal parts.
    public static func split(_ amount: Int64, by weights: [Int64], fallback: [Int64] = []) -> [Int64] {
        guard !weights.isEmpty else { return [] }
        if amount == .min || weights.contains(where: { $0 < 0 }) {
            return split(amount, by: weights.map { max(0, $0) })
        }
        if amount < 0 { return split(-amount, by: weights, fallback: fallback).map { -$0 } }
        if weights.allSatisfy({ $0 == 0 }) {
            let equal = [Int64](repeating: 1, count: weights.count)
            let usable = fallback.count == weights.count && fallback.contains { $0 > 0 }
            return split(amount, by: usable ? fallback : equal)
        }
        return largestRemainder(UInt64(amount), weights.map { UInt64($0) })
    }

    private static func largestRemainder(_ amount: UInt64, _ weights: [UInt64]) -> [Int64] {
        var total = UInt128(0)
        for weight in weights { total += UInt128(weight) }
        var parts: [Int64] = []
        var remainders: [UInt128] = []
        var given: UInt64 = 0
        for weight in weights {
            let (quotient, remainder) = (UInt128(amount) * UInt128(weight)).quotientAndRemainder(dividingBy: total)
            parts.append(Int64(quotient))
            remainders.append(remainder)
            given += UInt64(quotient)
        }
        let order = remainders.indices.sorted { left, right in
            remainders[left] == remainders[right] ? left < right : remainders[left] > remainders[right]
        }
        for index in order.prefix(Int(amount - given)) { parts[index] += 1 }
        return parts
    }

    /// What the first `count` units of a line carry, when its `amount` is split over `quantity` units.
    ///
    /// The first units carry the larger part, so that the sums of any partial steps add up to the line.
    public static func firstUnits(_ count: Int64, of quantity: Int64, amount: Int64) -> Int64 {
        guard quantity > 0, count > 0 else { return 0 }
        let (base, extra) = amount.quotientAndRemainder(dividingBy: quantity)
        let units = min(count, quantity)
        return base * units + min(units, extra)
    }
}
