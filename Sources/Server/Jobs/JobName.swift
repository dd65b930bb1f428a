/// The jobs there are: what is done when nobody asks.
enum JobName: String, Sendable, CaseIterable {
    case renewals, expiry

    /// What the job does, in a sentence.
    var summary: String {
        switch self {
        case .renewals: "Renew, from the customers' balances, what is due to renew itself."
        case .expiry: "End, once their grace is over, what nobody has paid any further, and return its slots."
        }
    }

    /// How long after one run has begun `work` begins the next, in ms.
    var everyMilliseconds: Int64 {
        switch self {
        case .renewals, .expiry: 60_000
        }
    }
}
