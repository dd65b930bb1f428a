import Primitives
import TestSupport
import Testing

@testable import Catalog

@Suite("What a file changes of price lists")
struct PriceListPlanTests {
    private static func file(_ groups: String, in tenant: String = "alba") -> String {
        tenant == "alba"
            ? Shop.edited("    hosts:", "    groups: [\(groups)]\n    hosts:")
            : Shop.edited("    currency: JPY", "    currency: JPY\n    groups: [\(groups)]")
    }

    private let gold = #"{code: gold, name: Gold, prices: {month: "10.00 EUR", bytes: "20 EUR"}}"#

    @Test func `a group is made with its prices, and the same file again is nothing`() throws {
        let rows = try Shop.rows()
        let plan = try Shop.decide(Self.file(gold), on: rows)
        #expect(plan.lines.map(\.description) == ["+ alba group gold"])
        #expect(plan.groupPrices.map(\.price.version) == [1, 1])
        #expect(plan.groupIDs[TenantID(1)]?.keys.sorted() == ["gold"])
        let after = rows.applying(plan)
        #expect(try Shop.decide(Self.file(gold), on: after).lines.isEmpty)
        #expect(try Shop.decide(Self.file(gold), on: after, prune: true).lines.isEmpty)
        #expect(try Shop.decide(Shop.yaml, on: after).lines.isEmpty, "what is left out is left alone")
    }

    static let edits: [(String, String, String)] = [
        ("name: Gold", "name: Golden", "~ alba group gold: name (Gold -> Golden)"),
        ("10.00 EUR", "9.99 EUR", "~ alba group gold: price of month (10.00 EUR -> 9.99 EUR)"),
        (#", bytes: "20 EUR""#, "", "~ alba group gold: price of bytes (20.00 EUR -> none)"),
        ("name: Gold", "active: false", "~ alba group gold: name (Gold -> gold), active (yes -> no)"),
    ]

    @Test(arguments: edits)
    func `an edit changes what was edited, and says from what to what`(
        old: String, new: String, line: String
    ) throws {
        let rows = try Shop.rows()
        let before = rows.applying(try Shop.decide(Self.file(gold), on: rows))
        let file = Self.file(gold.replacingFirst(old, by: new))
        let plan = try Shop.decide(file, on: before)
        #expect(plan.lines.map(\.description) == [line])
        #expect(try Shop.decide(file, on: before.applying(plan)).lines.isEmpty)
    }

    /// Orders name the version they were priced with, so none is ever used again for another price.
    @Test func `a price that changes, goes and comes back is a new version each time`() throws {
        var rows = try Shop.rows()
        var versions: [[Int32]] = []
        for prices in [#"month: "10 EUR""#, #"month: "9 EUR""#, "", #"month: "10 EUR""#, #"month: "10 EUR""#]
        {
            let plan = try Shop.decide(Self.file("{code: gold, prices: {\(prices)}}"), on: rows)
            versions.append(plan.groupPrices.map(\.price.version))
            rows = rows.applying(plan)
        }
        #expect(versions == [[1], [2], [3], [4], []])
        #expect(rows.groups.map { $0.prices.values.map(\.price?.minor) } == [[10_00]])
    }

    @Test func `a group that is left out is switched off by pruning, and on again when it is listed`() throws
    {
        let rows = try Shop.rows()
        let before = rows.applying(try Shop.decide(Self.file(gold), on: rows))
        let pruning = try Shop.decide(Shop.yaml, on: before, prune: true)
        #expect(pruning.lines.map(\.description) == ["- alba group gold"])
        let pruned = before.applying(pruning)
        let plan = try Shop.decide(Self.file(gold), on: pruned)
        #expect(plan.lines.map(\.description) == ["~ alba group gold: active (no -> yes)"])
        #expect(plan.groupPrices.isEmpty)
    }

    @Test(arguments: [
        (
            #"{code: gold, prices: {moth: ▸"10 EUR"}}"#,
            #"tenant "alba" has no plan "moth"; did you mean "month"?"#
        ),
        (#"{code: gold, prices: {month: ▸"10 USD"}}"#, #""10 USD" is not in EUR, the tenant's currency"#),
        (#"{code: gold, prices: {month: ▸"-1 EUR"}}"#, "must not be negative"),
        (#"{code: gold, prices: {month: ▸null}}"#, #""null" is no amount"#),
        (#"{code: gold, prices: ▸[month]}"#, "must be a mapping, not a list"),
        (#"{code: gold, ▸price: {}}"#, #"unknown key "price" in a group; did you mean "prices"?"#),
        (#"▸{name: Gold}"#, #"missing key "code" in a group"#),
        (#"{code: gold}, ▸{code: gold}"#, #"group "gold" is listed twice"#),
    ])
    func `one error at its place`(group: String, message: String) {
        let marked = Self.file(group)
        #expect {
            _ = try Shop.decide(marked.replacing("▸", with: ""), on: Shop.rows())
        } throws: { error in
            let text = "\(error)"
            let isNamed = text.contains(message)
            if !isNamed { Issue.record("\(text)") }
            return isNamed && (text.contains(marked.placeOfMarker) || message.contains("has no plan"))
        }
    }

    @Test func `each tenant's groups are its own, and a sandbox has those of its live tenant`() throws {
        let file = Self.file(gold).replacingFirst(
            "    currency: EUR", by: "    currency: EUR\n    sandbox: true")
        let both = file.replacingFirst(
            "    currency: JPY",
            by: "    currency: JPY\n    groups: [{code: gold, prices: {month: \"800 JPY\"}}]")
        let plan = try Shop.decide(both)
        #expect(
            plan.lines.map(\.description).filter { $0.contains("group") } == [
                "+ alba group gold", "+ alba-sandbox group gold", "+ brio group gold",
            ])
        let ids = plan.groupIDs.values.compactMap { $0["gold"] }
        #expect(Set(ids).count == 3)
    }
}
