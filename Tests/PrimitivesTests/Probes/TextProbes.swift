import Primitives

/// Short texts: whatever is read is written in one spelling, and that spelling is read as the same value.
enum TextProbes {
    static func identifier(_ text: String) throws(ProbeFailure) {
        if let id = IdentifierBits(uuidString: text) {
            try require(id.uuidString == text.lowercased(), "a UUID is written in another way")
        }
        if let id = IdentifierBits(hexString: text) {
            try require(id.hexString == text.lowercased(), "hex is written in another way")
            try require(id.isGenuine, "hex names an id that we could not have made")
        }
        if let id = IdentifierBits(base36String: text) {
            try require(id.base36String == text && id.isGenuine, "base 36 is written in another way")
        }
        if let id = IdentifierBits(ulidString: text) {
            try require(
                id.ulidString == text.uppercased() && id.isGenuine, "a ULID is written in another way")
        }
    }

    static func money(_ text: String) throws(ProbeFailure) {
        if let money = Money(text) {
            let written = "\(money.decimalString) \(money.currency)"
            try require(Money(written) == money, "\(written) is read as another amount")
            try require(text.utf8.allSatisfy { $0 < 0x80 }, "an amount in letters that are not ASCII")
        }
        for code in ["JPY", "USD", "KWD", "CLF"] {
            guard let currency = Currency(code), let money = Money(decimal: text, currency: currency) else {
                continue
            }
            let again = Money(decimal: money.decimalString, currency: currency)
            try require(again == money, "\(money.decimalString) \(code) is read as another amount")
        }
        if let share = BasisPoints(percent: text) {
            try require((0...10_000).contains(share.value), "a share of \(share.value) basis points")
        }
        if let currency = Currency(text) { try require(currency.code == text, "a currency has another code") }
    }

    static func time(_ text: String) throws(ProbeFailure) {
        if let duration = DurationText(text) {
            try require(duration.milliseconds > 0, "a duration of nothing")
            try require(DurationText(duration.description) == duration, "\(duration) is read as another span")
        }
        if let instant = Instant(rfc3339: text) {
            let written = instant.rfc3339()
            try require(Instant(rfc3339: written) == instant, "\(written) is read as another instant")
            try require(text.utf8.allSatisfy { $0 < 0x80 }, "a time in letters that are not ASCII")
            try require(CivilDate(of: instant) != nil, "an instant outside the calendar")
        }
    }

    static func network(_ text: String) throws(ProbeFailure) {
        if let address = NetworkAddress(text) {
            try require(
                NetworkAddress(address.description) == address, "\(address) is read as another address")
            try require(text.utf8.allSatisfy { $0 < 0x80 }, "an address in letters that are not ASCII")
            try require(NetworkPrefix(text) == NetworkPrefix(address), "\(address) is another network")
        }
        if let network = NetworkPrefix(text) {
            try require(
                NetworkPrefix(network.description) == network, "\(network) is read as another network")
            try require(network.contains(network.address), "\(network) does not hold its own address")
        }
    }
}
