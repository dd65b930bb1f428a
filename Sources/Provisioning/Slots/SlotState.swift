/// Where a slot is in its life, as `slots.state` spells it.
public enum SlotState: String, Sendable, Hashable, CaseIterable {
    /// Not lent: its gateway has not yet confirmed that it knows the slot; goes to `ready` or `retired`.
    case held
    /// Known to its gateway, blocked, for sale; goes to `assigned`, `held` or `retired`.
    case ready
    /// Lent and open; goes to `draining`.
    case assigned
    /// No longer lent; its gateway is being told to block it; goes to `quarantined`.
    case draining
    /// Blocked and at rest; gets new credentials and goes to `held`, or to `retired`.
    case quarantined
    /// Its port is no longer offered; goes to `held` when it is again.
    case retired
}
