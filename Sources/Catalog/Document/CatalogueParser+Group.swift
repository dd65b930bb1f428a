internal import Primitives

extension CatalogueParser {
    func group(_ value: ValueReader) throws(DocumentError) -> GroupDocument {
        let keys = try value.mapping("a group", keys: ["code", "name", "prices", "active"])
        let code = try keys.required("code").name(.code)
        return GroupDocument(
            mark: keys.mark, code: code,
            name: try keys.nullable("name") { value throws(DocumentError) in try value.title() } ?? code,
            prices: try keys.nullable("prices", prices) ?? [], isActive: try keys.isActive()
        )
    }

    /// Prices by the codes of plans, in the order of the file.
    private func prices(
        _ value: ValueReader
    ) throws(DocumentError) -> [(plan: Located<String>, price: Money)] {
        try value.openMapping(of: .code) { value throws(DocumentError) in try value.money(in: currency) }
            .map { (plan: $0.key, price: $0.value) }
    }
}
