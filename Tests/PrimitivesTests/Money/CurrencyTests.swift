import Foundation
import Primitives
import Testing

@Suite("Currencies")
struct CurrencyTests {
    @Test func `codes and digits are those of the list typed from ISO 4217`() throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
        let text = try String(contentsOf: root.appending(path: "fixtures/currencies.txt"), encoding: .utf8)
        let listed = text.split(separator: "\n").filter { !$0.hasPrefix("#") }

        #expect(Currency.all.map { "\($0.code) \($0.scale)" } == listed.map(String.init))
    }

    @Test(arguments: Currency.all)
    func `a major unit has ten to the power of its digits minor units`(currency: Currency) {
        let power = (0..<currency.scale).reduce(Int64(1)) { product, _ in product * 10 }
        #expect(currency.minorPerMajor == power)
        #expect(Currency(currency.code) == currency)
        #expect(currency.description == currency.code)
    }

    /// Gold, bond units and test codes have no minor unit; old codes and other spellings are not in the list.
    @Test(arguments: [
        "", "usd", "Usd", " USD", "USD ", "US", "USDT", "XAU", "XXX", "XTS", "XDR", "DEM", "ÜSD", "US\u{0}",
    ])
    func `what ISO 4217 does not list is refused`(code: String) {
        #expect(Currency(code) == nil)
    }

    @Test func `they are ordered by code`() {
        #expect(Currency.all == Currency.all.sorted())
        #expect(Set(Currency.all).count == Currency.all.count)
    }
}
