extension FormQuery {
    func subscription() throws(Gate.Problem) -> Gate.SubscriptionReference {
        switch self["subscriptionId"] {
        case .once(let text): try Gate.SubscriptionReference(text)
        case .never, .unclear: throw .invalid(.subscriptionID)
        }
    }
}
