/// What every plan of a hot statement keeps to, whatever the tables hold.
enum PlanRule {
    /// Tables that stay small, so that reading a tenant's share of them, or all of them, is cheap.
    static let small: Set<String> = [
        "tenants", "hosts", "currencies", "networks", "plans", "gateways", "gateway_states", "coupons",
        "server_processes",
    ]

    /// What is broken, in words.
    static func findings(_ plan: Plan, of name: String, whileEmpty: Bool) -> [String] {
        if exceptions[name] != nil || (whileEmpty && indifferent.contains(name)) { return [] }
        var findings = plan.heavyWork.map { "heavy work: \($0)" }
        for scan in plan.scans where !small.contains(scan.table) {
            if scan.condition == nil {
                findings.append("reads all of \(scan.table): \(scan.line)")
            } else if scan.readsWholeTenant {
                findings.append("reads all that a tenant has of \(scan.table): \(scan.line)")
            }
        }
        return findings
    }

    /// Statements that walk over more than they look up, and why they may.
    private static let exceptions: [String: String] = [
        "Server/HTTP/RateCountStore.removingForgotten":
            "once a minute, over what the last hours' busiest callers have left",
        "Provisioning/DueStore.tenantsText":
            "the first row of each tenant's share of an index is all it reads",
        "Provisioning/GatewayStore.readyText": "counts what is ready, beside the worker's cycle",
    ]

    /// Statements for which any index does while the tables are empty; planned anew, they take the right one.
    private static let indifferent: Set<String> = [
        "Provisioning/GatewayStore.changedText", "Provisioning/UndeliveredStore.overdueText",
    ]

    /// Why a statement that the scenario does not run needs no plan; nil where it does.
    static func cold(because name: String) -> String? {
        cold.first { name.hasPrefix($0.key) }?.value
    }

    private static let cold: [String: String] = [
        "Server/Admin/": "what staff ask for, few and now and then",
        "Server/Identity/Staff/": "what staff ask for, few and now and then",
        "Server/Apply/": "an operator's command",
        "Server/Account/": "somebody at a dashboard: planned for what is asked, and nobody buys there",
        "Server/Operating/": "an operator's command",
        "Server/Embedded/": "start-up",
        "Catalog/Catalogue": "an operator's command",
        "Catalog/CouponStore.all": "an operator's command",
        "Catalog/CustomerGroupStore.": "read once for a snapshot of the catalogue, or for one of the staff",
        "Catalog/NetworkStore.all": "read once for a snapshot of the catalogue",
        "Catalog/PlanStore.all": "read once for a snapshot of the catalogue",
        "Catalog/PlanStore.sold": "read by no door yet",
        "Billing/AccountStore.open": "a new tenant or customer",
        "Billing/AccountStore.add": "an account that few customers ever need",
        "Billing/Payment": "once for a payment, which takes its customer a minute",
        "Server/Payments/": "once for a payment, which takes its customer a minute",
        "Provisioning/ConnectionStore.by": "read by no door yet",
        "Provisioning/GatewayStore.lockSlots": "a gateway that is ahead of the database",
        "Provisioning/GatewayStore.overtake": "a gateway that is ahead of the database",
        "Provisioning/GatewayStore.loss": "a gateway that has lost its memory",
        "Provisioning/GatewayStore.problem": "a gateway that fails",
        "Provisioning/SlotStore+Stock.withdraw": "a gateway that is taken off sale",
        "Server/Fulfilment/GatewayShapeStore.all": "read once for a snapshot of the catalogue",
        "Server/HTTP/TenantStore.": "read once for a snapshot of the catalogue",
        "Server/Recording/RequestLogStore.dropping": "once an hour",
        "Server/Identity/APIKeyStore.inserting": "an operator's command",
        "Server/Identity/APIKeyStore.listing": "an operator's command",
        "Server/Identity/APIKeyStore.revoking": "an operator's command",
        "Server/Identity/SessionUserStore.":
            "signing in takes some forty milliseconds for the password alone",
    ]
}
