public import Primitives

extension RateLimitSubject {
    /// Whoever calls from this address.
    public static func caller(_ tenant: TenantID, at address: String) -> RateLimitSubject {
        .address(tenant, SourceNetwork.of(address))
    }
}
