import Testing

/// Each rule for Swift files is shown a text that breaks it, and one that only looks like it.
@Suite("Rules for sources can fail")
struct SourceRuleTests {
    @Test(
        arguments: [
            ("Sources/Primitives/A.swift", "import Postgres", "Primitives imports Postgres"),
            ("Sources/Primitives/A.swift", "import Logging", "Primitives imports Logging"),
            ("Sources/Postgres/A.swift", "internal import Catalog", "Postgres imports Catalog"),
            ("Sources/Postgres/A.swift", "import NIOCore", "Postgres imports NIOCore"),
            ("Sources/Catalog/A.swift", "public import Billing", "Catalog imports Billing"),
            ("Sources/Billing/B/A.swift", "@testable import Provisioning", "Billing imports Provisioning"),
            (
                "Sources/Provisioning/A.swift", "@_exported public import struct Billing.Order",
                "Provisioning imports Billing"
            ),
            ("Sources/Billing/A.swift", "import Server", "Billing imports Server"),
            ("Sources/Billing/A.swift", "import Catalog; import Server", "Billing imports Server"),
            ("Sources/Billing/A.swift", "import CLibPQ", "Billing imports CLibPQ"),
            ("Sources/tollgate/A.swift", "import Billing", "tollgate imports Billing"),
            ("Sources/Server/Dialects/Gate/A.swift", "import Postgres", "a dialect imports Postgres"),
            ("Sources/Reports/A.swift", "", "no arrow is drawn for the module Reports"),
        ] as [(String, String, String)])
    func `an arrow that points up or sideways`(path: String, text: String, message: String) {
        #expect(ImportRule.check(SourceFile(path: path, text: text)).map(\.message) == [message])
    }

    @Test(
        arguments: [
            ("Sources/Primitives/A.swift", "import Foundation\n// import Postgres\n/* import Postgres */"),
            ("Sources/Primitives/A.swift", "let text = \"\"\"\n    import Postgres\n    \"\"\""),
            ("Sources/Primitives/A.swift", "let important = imports"),
            ("Sources/Postgres/A.swift", "internal import CLibPQ\npublic import Primitives\nimport Logging"),
            ("Sources/Billing/A.swift", "import Catalog\nimport Metrics"),
            ("Sources/Server/Fulfilment/A.swift", "import Postgres\nimport Billing\nimport Provisioning"),
            ("Sources/Server/Dialects/Gate/A.swift", "import Billing\nimport Provisioning"),
            ("Tests/BillingTests/A.swift", "import Provisioning"),
        ] as [(String, String)])
    func `an arrow that points down, and what is no import`(path: String, text: String) {
        #expect(ImportRule.check(SourceFile(path: path, text: text)) == [])
    }

    @Test(arguments: [
        "let q = \"SELECT id FROM orders\"",
        "let q = \"\"\"\n    SELECT id,\n        at\n    FROM orders\n    \"\"\"",
        "run(\"INSERT INTO orders VALUES (\\(id))\")", "run(\"UPDATE \\(table) SET a = 1\")",
        "run(#\"DELETE FROM orders\"#)",
        "run(\"WITH x AS (UPDATE orders AS o SET a = 1 RETURNING id) TABLE x\")",
        "f(\"\\(g(\"SELECT 1 FROM t\"))\")",
    ])
    func `SQL outside a storage folder`(text: String) {
        let findings = SQLPlacementRule.check(
            SourceFile(path: "Sources/Billing/Engine/A.swift", text: "\n" + text))
        #expect(findings.map(\.message) == ["SQL outside a Storage folder"])
        #expect(findings.first.map { $0.line >= 2 } == true)
        #expect(SQLPlacementRule.check(SourceFile(path: "Sources/Billing/Storage/A.swift", text: text)) == [])
        #expect(SQLPlacementRule.check(SourceFile(path: "Sources/Postgres/A.swift", text: text)) == [])
    }

    @Test(arguments: [
        "// SELECT id FROM orders", "let a = \"select one from the list\"",
        "let a = \"UPDATE\"; let b = \"SET\"",
        "let text = \"Delete from the cart\"", "let SELECT = 1, FROM = 2",
    ])
    func `what is no SQL`(text: String) {
        #expect(SQLPlacementRule.check(SourceFile(path: "Sources/Billing/A.swift", text: text)) == [])
    }

    @Test(arguments: [
        "WHERE at < now()", "VALUES (CURRENT_TIMESTAMP)", "SELECT clock_timestamp ( )", "at < current_date",
    ])
    func `SQL that reads the server's clock`(sql: String) {
        let file = SourceFile(
            path: "Sources/Billing/Storage/A.swift",
            text: "let q = \"\"\"\n\(sql)\n\"\"\"\nlet t = clock.now()")
        #expect(SQLPlacementRule.checkClock(file).map(\.line) == [2])
    }

    @Test(arguments: [
        "let a: Double = 1", "Float(x)", "let a = [Decimal]()", "\"\\(Double(x))\"", "typealias F = Float64",
    ])
    func `a float`(text: String) {
        #expect(WordRule.noFloats.check(SourceFile(path: "Sources/Billing/A.swift", text: text)).count == 1)
        #expect(WordRule.noFloats.check(SourceFile(path: "Sources/Server/A.swift", text: text)) == [])
    }

    @Test(arguments: [
        "// never a Double", "let a = \"Double\"", "let isDoubled = DoubleEntry()", "func decimal()",
    ])
    func `no float`(text: String) {
        #expect(WordRule.noFloats.check(SourceFile(path: "Sources/Billing/A.swift", text: text)) == [])
    }

    @Test(arguments: [
        "case gate", "let d = \"gate\"", "let d = \"\"\"\n    for opproxy\n    \"\"\"", "enum Gate {}",
        "let gateCode = 1", "isGate",
        "forProxaro()", "\"X-Octoprox-Key\"", "marchproxyNumber", "MarchProxy()",
    ])
    func `a vendor's word below the dialects`(text: String) {
        #expect(
            WordRule.noVendorWords.check(SourceFile(path: "Sources/Catalog/A.swift", text: text)).count == 1)
        #expect(
            WordRule.noVendorWords.check(SourceFile(path: "Sources/Server/Dialects/Gate/A.swift", text: text))
                == [])
    }

    @Test(arguments: [
        "// the gate is closed (contracts/gate.md G7)", "let gateway = Gateway()", "struct GatewayID {}",
        "delegate", "\"a gateway\"",
        "navigate()", "aggregate", "\"tollgate.tenant\"", "isTollgate", "investigated",
    ])
    func `no vendor's word`(text: String) {
        #expect(WordRule.noVendorWords.check(SourceFile(path: "Sources/Catalog/A.swift", text: text)) == [])
    }

    @Test(
        arguments: [
            ("Sources/Billing/Engine/A.swift", "ids.next(at: now)", 1),
            ("Sources/Billing/Engine/A.swift", "ids.next(at: madeAt)", 0),
            ("Sources/Billing/Ledger/A.swift", "ids.next(at: now)", 0),
            ("Sources/Server/Fulfilment/A.swift", "let id = ids.next(at: transaction.now)", 1),
            ("Sources/Server/HTTP/A.swift", "ids.next(at: transaction.realNow)", 0),
            ("Sources/Server/HTTP/A.swift", "ids.next(at: now)", 0),
        ] as [(String, String, Int)])
    func `an id with a tenant's time`(path: String, text: String, count: Int) {
        #expect(WordRule.realTimeOfIDs.check(SourceFile(path: path, text: text)).count == count)
    }

    @Test(arguments: [
        "// TODO: later", "/// FIXME", "let a = \"XXX\"", "fatalError(\"no\")", "fatalError ()",
    ])
    func `something unfinished`(text: String) {
        #expect(
            WordRule.nothingUnfinished.check(SourceFile(path: "Sources/Server/A.swift", text: "\n" + text))
                .map(\.line) == [2])
    }

    @Test(arguments: [
        "// no fatalError(…) here", "\"/tmp/run-XXXXXX\"", "// \\uXXXX", "let todo = 1", "precondition(true)",
    ])
    func `nothing unfinished`(text: String) {
        #expect(
            WordRule.nothingUnfinished.check(SourceFile(path: "Sources/Server/A.swift", text: text)) == [])
    }

    @Test func `a file that is too long`() {
        func file(_ lines: Int) -> SourceFile {
            SourceFile(path: "Sources/Billing/A.swift", text: String(repeating: "x\n", count: lines))
        }
        #expect(ShapeRule.checkLength(file(300)) == [])
        #expect(ShapeRule.checkLength(file(301)).map(\.message) == ["301 lines"])
    }

    @Test(arguments: [
        "Utils", "StringUtil", "Helpers", "Money+Helper", "SlotManager", "ManagerOfSlots", "DateUtilities",
    ])
    func `a name that says nothing`(name: String) {
        #expect(ShapeRule.checkName(SourceFile(path: "Sources/Billing/\(name).swift", text: "")).count == 1)
    }

    @Test(arguments: ["Ledger", "Utilisation", "Money+Allocation", "Managerial"])
    func `a name that says something`(name: String) {
        #expect(ShapeRule.checkName(SourceFile(path: "Sources/Billing/\(name).swift", text: "")) == [])
    }
}
