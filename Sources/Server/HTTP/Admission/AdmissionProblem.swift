public import HTTPTypes
public import Primitives

/// Why a request was not let in; each dialect has its own words for it.
public enum AdmissionProblem: Error, Sendable {
    /// Nothing was shown, or nothing that is anybody's for this tenant and dialect at this moment.
    case unknownCredential
    /// Asked too often.
    case limited(RateLimitVerdict)
    /// The credential was not looked up.
    case stranger(StrangerRefusal)
    /// Nobody could say whose it is.
    case fault(Fault)

    /// What the refusal's headers say about when to come back; empty unless it was asked too often.
    public var rateHeaders: HTTPFields {
        switch self {
        case .limited(let verdict): HTTPFields(verdict)
        case .unknownCredential, .stranger, .fault: [:]
        }
    }
}
