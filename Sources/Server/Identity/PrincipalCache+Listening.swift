public import Postgres

extension PrincipalCache {
    /// What is notified when a key, a person or a customer's right to be served changes. The payload is a
    /// key's digest in hex; anything else means "more than one, forget them all".
    public static let channel = "tollgate_keys"

    /// Follows a listener until it is closed; without one the cache stays unused and every request asks the
    /// database.
    public func follow(_ events: AsyncStream<NotificationListener.Event>) async {
        for await event in events {
            switch event {
            case .connected: setTrusted(true)
            case .disconnected: setTrusted(false)
            case .notification(Self.channel, let payload):
                if let digest = CredentialDigest(hex: payload) { forget(digest) } else { forgetAll() }
            // The catalogue holds customers, and a customer may have been closed.
            case .notification: forgetAll()
            }
        }
        setTrusted(false)
    }
}
