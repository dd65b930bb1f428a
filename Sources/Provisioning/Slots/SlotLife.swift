/// What happens to a slot.
public enum SlotEvent: String, Sendable, Hashable, CaseIterable {
    /// The gateway has confirmed that it knows the slot, blocked.
    case confirmed
    /// The gateway or the port is not offered for now.
    case withdrawn
    /// A subscription was lent the slot.
    case lent
    /// The subscription ended, was refunded or moved elsewhere.
    case released
    /// The gateway has confirmed that the old credentials are refused, and the drain is over.
    case drained
    /// The rest is over and new credentials were made.
    case renewed
    /// The port is no longer offered at all.
    case retired
    /// The port is offered once more, with new credentials.
    case restored
}

/// One slot's life: `held → ready → assigned → draining → quarantined → held` with new credentials, and `retired`.
public enum SlotLife {
    /// The state after an event; `nil` where the event cannot happen to a slot in this state.
    public static func next(_ state: SlotState, on event: SlotEvent) -> SlotState? {
        switch (state, event) {
        case (.held, .confirmed): .ready
        case (.held, .retired): .retired
        // Credentials that do not open are made anew before the slot is ever lent.
        case (.held, .renewed): .held
        case (.ready, .lent): .assigned
        case (.ready, .withdrawn): .held
        case (.ready, .retired): .retired
        case (.assigned, .released): .draining
        case (.draining, .drained): .quarantined
        case (.quarantined, .renewed): .held
        case (.quarantined, .retired): .retired
        case (.retired, .restored): .held
        case (.held, .withdrawn), (.held, .lent), (.held, .released), (.held, .drained), (.held, .restored),
            (.ready, .confirmed), (.ready, .released), (.ready, .drained), (.ready, .renewed),
            (.ready, .restored),
            (.assigned, .confirmed), (.assigned, .withdrawn), (.assigned, .lent), (.assigned, .drained),
            (.assigned, .renewed), (.assigned, .retired), (.assigned, .restored),
            (.draining, .confirmed), (.draining, .withdrawn), (.draining, .lent), (.draining, .released),
            (.draining, .renewed), (.draining, .retired), (.draining, .restored),
            (.quarantined, .confirmed), (.quarantined, .withdrawn), (.quarantined, .lent),
            (.quarantined, .released),
            (.quarantined, .drained), (.quarantined, .restored),
            (.retired, .confirmed), (.retired, .withdrawn), (.retired, .lent), (.retired, .released),
            (.retired, .drained), (.retired, .renewed), (.retired, .retired):
            nil
        }
    }

    /// Whether a gateway lets a slot in this state through.
    public static func isOpen(_ state: SlotState) -> Bool {
        switch state {
        case .assigned: true
        case .held, .ready, .draining, .quarantined, .retired: false
        }
    }
}
