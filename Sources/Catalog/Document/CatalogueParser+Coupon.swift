internal import Primitives

extension CatalogueParser {
    func coupon(_ value: ValueReader) throws(DocumentError) -> CouponDocument {
        let keys = try value.mapping(
            "a coupon",
            keys: [
                "code", "percent_off", "amount_off", "min_amount", "max_redemptions", "per_customer", "plans",
                "applies_to", "starts_at", "ends_at", "active",
            ])
        let code = try couponCode(keys.required("code"))
        let discount = try discount(keys)
        let (startsAt, endsAt) = try window(keys)
        return CouponDocument(
            mark: keys.mark, code: code, discount: discount,
            minimum: try keys.nullable("min_amount") { value throws(DocumentError) in
                try value.money(in: currency)
            },
            maxRedemptions: try keys.nullable("max_redemptions") { value throws(DocumentError) in
                Located(try value.count(), at: value.mark)
            },
            perCustomer: try keys.nullable("per_customer") { value throws(DocumentError) in try value.count()
            },
            plans: try keys.nullable("plans", planReferences), kinds: try keys.nullable("applies_to", kinds),
            startsAt: startsAt, endsAt: endsAt, isActive: try keys.isActive()
        )
    }

    private func couponCode(_ value: ValueReader) throws(DocumentError) -> CouponCode {
        let text = try value.text()
        guard let code = CouponCode(text) else {
            throw value.problem("\"\(text)\" is no coupon code: letters, digits, \"_\" and \"-\", at most 64")
        }
        return code
    }

    private func discount(_ keys: MappingReader) throws(DocumentError) -> Coupon.Discount {
        switch (keys.optional("percent_off"), keys.optional("amount_off")) {
        case (let percent?, nil): return .percent(try percent.percentage())
        case (nil, let amount?):
            let money = try amount.money(in: currency)
            guard money.isPositive else { throw amount.problem("must be more than nothing") }
            return .amount(money)
        case (nil, nil): throw keys.mark.problem("missing key \"percent_off\" or \"amount_off\" in a coupon")
        case (_, let amount?):
            throw amount.mark.problem("a coupon has either percent_off or amount_off, not both")
        }
    }

    private func window(_ keys: MappingReader) throws(DocumentError) -> (Instant?, Instant?) {
        let start = try keys.nullable("starts_at") { value throws(DocumentError) in try value.instant() }
        let end = try keys.nullable("ends_at") { value throws(DocumentError) in
            let end = try value.instant()
            if let start, end <= start { throw value.problem("a coupon ends after it starts") }
            return end
        }
        return (start, end)
    }

    private func planReferences(_ value: ValueReader) throws(DocumentError) -> [Located<String>] {
        let plans = try value.list { value throws(DocumentError) in try value.reference(.code) }
        guard !plans.isEmpty else {
            throw value.problem("a coupon for no plan is good for nothing; leave the key out")
        }
        return plans
    }

    private func kinds(_ value: ValueReader) throws(DocumentError) -> Set<OrderKind> {
        let kinds = try value.list { value throws(DocumentError) in try value.word(of: OrderKind.self) }
        guard !kinds.isEmpty else {
            throw value.problem("a coupon for no order is good for nothing; leave the key out")
        }
        return Set(kinds)
    }
}
