extension Money {
    /// This share of the amount, rounded down, and what rounding left over; the caller says where the remainder goes.
    public func share(_ share: BasisPoints) -> (share: Money, remainder: Int64) {
        precondition(minor >= 0, "a share of a negative amount has no agreed rounding")
        let product = Int128(minor) * Int128(share.value)
        return (Money(minor: Int64(product / 10_000), currency: currency), Int64(product % 10_000))
    }

    /// `count` parts that differ by at most one minor unit and sum to the amount; the larger ones come first.
    public func split(into count: Int) -> [Money] {
        precondition(count > 0 && minor >= 0, "only a non-negative amount is split, into at least one part")
        let (part, left) = minor.quotientAndRemainder(dividingBy: Int64(count))
        return (0..<count).map { Money(minor: part + ($0 < Int(left) ? 1 : 0), currency: currency) }
    }
}
