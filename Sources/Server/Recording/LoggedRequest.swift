public import Primitives

/// One request of an account, as its log shows it: what was asked and how it was answered, and nothing secret.
public struct LoggedRequest: Sendable, Hashable {
    public let tenant: TenantID
    /// Carries the instant at which the request came.
    public let id: LoggedRequestID
    public let customer: CustomerID
    /// The API key or person; `nil` where a link was enough.
    public let principal: PrincipalID?
    public let dialect: String
    public let method: String
    /// What was asked for below the mount, without its query: see `LoggedPath`.
    public let path: String
    /// The dialect's own name for it.
    public let route: String
    public let status: Int16
    public let microseconds: Int64
    /// The caller's address, without its port.
    public let address: String
    /// What the answer's `X-Request-Id` says, unless that looks like a secret.
    public let requestID: String

    /// The longest of each text, in bytes; the table has the same bounds.
    static let (pathMax, wordMax, methodMax, addressMax, requestIDMax) = (256, 32, 16, 64, 64)

    /// Cuts off what is too long.
    public init(
        tenant: TenantID, id: LoggedRequestID, customer: CustomerID, principal: PrincipalID?, dialect: String,
        method: String, path: String, route: String, status: Int, microseconds: Int64, address: String,
        requestID: String
    ) {
        self.tenant = tenant
        self.id = id
        self.customer = customer
        self.principal = principal
        self.dialect = dialect.cut(to: Self.wordMax)
        self.method = method.cut(to: Self.methodMax)
        self.path = path.cut(to: Self.pathMax)
        self.route = route.cut(to: 2 * Self.wordMax)
        self.status = Int16(clamping: status)
        self.microseconds = microseconds
        self.address = address.cut(to: Self.addressMax)
        self.requestID = requestID.cut(to: Self.requestIDMax)
    }

    /// When the request came: the time in the id, so that both have one order, even where the clock jumped back.
    public var recordedAt: Instant { Instant(milliseconds: Int64(id.bits.milliseconds)) }

    /// The day in UTC of whose share of the table it is.
    var day: CivilDate {
        // 48 bits of milliseconds end in the year 10889, and no clock of ours says that.
        CivilDate(of: recordedAt) ?? CivilDate(daysSinceEpoch: 0)!
    }

    /// What it takes to remember it, roughly.
    var byteCount: Int {
        160 + dialect.utf8.count + method.utf8.count + path.utf8.count + route.utf8.count + address.utf8.count
            + requestID.utf8.count
    }
}

extension String {
    /// The longest beginning of whole characters that has at most so many bytes.
    fileprivate func cut(to bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var cut = self[...]
        while cut.utf8.count > bytes { cut = cut.dropLast() }
        return String(cut)
    }
}
