public import HTTPTypes

/// What a request shows to prove whose it is: where that stands in a request, its dialect knows.
public enum PresentedCredential: Sendable, CustomStringConvertible {
    /// Looked up only where it has the form of the dialect's keys.
    case apiKey(String, KeyForm)
    /// The token of a person who signed in.
    case session(String)

    /// Without the secret, so that no log line can have it.
    public var description: String {
        switch self {
        case .apiKey(_, let form): "an API key (\(form.prefix)…)"
        case .session: "a session's token"
        }
    }
}

extension HTTPFields {
    /// What follows `Bearer` and one space in `Authorization`; `nil` where it is missing or says something else.
    ///
    /// The scheme has no case (RFC 9110 §11.1).
    public var bearerToken: String? {
        guard let value = self[.authorization], let space = value.firstIndex(of: " "),
            value[..<space].lowercased() == "bearer"
        else { return nil }
        let token = value[value.index(after: space)...]
        return token.isEmpty ? nil : String(token)
    }
}
