/// What an order asks for; the raw value is the word of the database and of `applies_to` in the catalogue
/// file.
public enum OrderKind: String, Sendable, Hashable, CaseIterable {
    case purchase
    case renewal
    case trial
    case extension_ = "extension"
    case planChange = "plan_change"
    case usage
    case adjustment
}
