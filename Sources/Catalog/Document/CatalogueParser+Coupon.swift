internal import Primitives

extension CatalogueParser {
    func coupon(_ value: ValueReader) throws(DocumentError) -> CouponDocument {
        let keys = try value.mapping(
            "a coupon",
            keys: [
                "code", "percent_off", "amount_off", "max_discount", "min_amount", "budget",
                "max_redemptions",
                "per_customer", "first_order", "customers", "plans", "applies_to", "renewals", "starts_at",
                "ends_at", "active",
            ])
        let code = try couponCode(keys.required("code"))
        let discount = try discount(keys)
        let (startsAt, endsAt) = try window(keys)
        let kinds = try keys.nullable("applies_to", kinds)
        return CouponDocument(
            mark: keys.mark, code: code, discount: discount, maxDiscount: try maxDiscount(keys, discount),
            minimum: try keys.nullable("min_amount") { value throws(DocumentError) in
                try value.money(in: currency)
            },
            budget: try keys.nullable("budget") { value throws(DocumentError) in
                Located(try someMoney(value), at: value.mark)
            },
            maxRedemptions: try keys.nullable("max_redemptions") { value throws(DocumentError) in
                Located(try value.count(), at: value.mark)
            },
            perCustomer: try keys.nullable("per_customer") { value throws(DocumentError) in try value.count()
            },
            isFirstOrderOnly: try keys.flag("first_order", default: false),
            customers: try keys.nullable("customers", customers),
            plans: try keys.nullable("plans", planReferences), kinds: kinds,
            renewals: try keys.nullable("renewals") { value throws(DocumentError) in
                try renewals(value, of: kinds)
            },
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
        case (nil, let amount?): return .amount(try someMoney(amount))
        case (nil, nil): throw keys.mark.problem("missing key \"percent_off\" or \"amount_off\" in a coupon")
        case (_, let amount?):
            throw amount.mark.problem("a coupon has either percent_off or amount_off, not both")
        }
    }

    private func maxDiscount(
        _ keys: MappingReader, _ discount: Coupon.Discount
    ) throws(DocumentError) -> Money? {
        try keys.nullable("max_discount") { value throws(DocumentError) in
            switch discount {
            case .percent: return try someMoney(value)
            case .amount: throw value.problem("is for percentages; amount_off is the most already")
            }
        }
    }

    private func someMoney(_ value: ValueReader) throws(DocumentError) -> Money {
        let money = try value.money(in: currency)
        guard money.isPositive else { throw value.problem("must be more than nothing") }
        return money
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
}
