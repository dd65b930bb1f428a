internal import Primitives

/// How a catalogue file spells values, for what is read back from it.
enum FileSpelling {
    static func duration(_ length: PlanDuration) -> String {
        switch length {
        case .fixed(let milliseconds): duration(milliseconds)
        case .months(let months): "\(months)mo"
        }
    }

    /// The largest unit that says it in whole numbers.
    static func duration(_ milliseconds: Int64) -> String {
        for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)]
            as [(String, Int64)]
        where milliseconds % size == 0 && milliseconds > 0 {
            return "\(milliseconds / size)\(unit)"
        }
        return "\(milliseconds)ms"
    }

    static func percentage(_ share: BasisPoints) -> String {
        let (whole, rest) = share.value.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return "\(whole)" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// With milliseconds only where there are any, as a file would say it.
    static func moment(_ instant: Instant) -> String {
        instant.rfc3339(fractionDigits: instant.milliseconds % 1_000 == 0 ? 0 : 3)
    }
}
