/// The columns of each kind, in the order of its statement in `ExportStore`; docs/exports.md says what they mean.
extension ExportTable {
    static func of(_ kind: ExportKind) -> ExportTable {
        switch kind {
        case .orders: orders
        case .journal: journal
        case .postings: postings
        case .balances: balances
        case .deferredRevenue: deferredRevenue
        case .wholesaleMargin: wholesaleMargin
        case .couponCost: couponCost
        }
    }

    private static let orders = ExportTable([
        ("order_id", .id), ("placed_at", .instant), ("kind", .text), ("state", .text), ("customer_id", .id),
        ("dialect", .text), ("plan", .text), ("plan_version", .number), ("quantity", .number),
        ("repeat_count", .number), ("subscription_id", .id), ("coupon", .text), ("currency", .text),
        ("list", .amount), ("discount", .amount), ("total", .amount), ("refunded", .amount),
        ("wholesale", .amount), ("wholesale_refunded", .amount), ("price_list", .text),
        ("price_list_version", .number),
    ])

    private static let journal = ExportTable([
        ("entry_id", .id), ("effective_at", .instant), ("recorded_at", .instant), ("reason", .text),
        ("order_id", .id), ("reverses_id", .id), ("reference", .text), ("memo", .text), ("actor", .text),
        ("transfers", .number), ("currency", .text), ("amount", .amount),
    ])

    private static let postings = ExportTable([
        ("entry_id", .id), ("line", .number), ("effective_at", .instant), ("recorded_at", .instant),
        ("reason", .text), ("order_id", .id), ("account_id", .id), ("account", .account),
        ("customer_id", .id),
        ("sequence", .number), ("currency", .text), ("debit", .amount), ("credit", .amount),
        ("balance", .amount),
    ])

    private static let balances = ExportTable([
        ("account_id", .id), ("account", .account), ("customer_id", .id), ("currency", .text),
        ("normal_side", .text), ("opening", .amount), ("debit", .amount), ("credit", .amount),
        ("closing", .amount),
    ])

    private static let deferredRevenue = ExportTable([
        ("month", .text), ("from", .instant), ("to", .instant), ("order_id", .id), ("customer_id", .id),
        ("plan", .text), ("currency", .text), ("opening", .amount), ("billed", .amount),
        ("refunded", .amount), ("recognised", .amount), ("closing", .amount),
    ])

    private static let wholesaleMargin = ExportTable([
        ("entry_id", .id), ("effective_at", .instant), ("reason", .text), ("order_id", .id),
        ("customer_id", .id), ("plan", .text), ("currency", .text), ("retail", .amount),
        ("wholesale", .amount), ("margin", .amount),
    ])

    private static let couponCost = ExportTable([
        ("order_id", .id), ("event", .text), ("at", .instant), ("coupon_id", .id), ("coupon", .text),
        ("customer_id", .id), ("order_kind", .text), ("renewal_number", .number), ("currency", .text),
        ("cost", .amount),
    ])
}
