internal import Catalog

extension KnownDialects {
    /// Every dialect that a catalogue may sell in. The forms of keys are the vendors' (contracts, "Auth"); a
    /// dialect whose door is not built yet is listed all the same, so that its plans and customers can be
    /// laid out before.
    public static let all = KnownDialects(
        keyForms: [
            Gate.name: Gate.keyForm,
            DialectName(rawValue: "opproxy"): live("opx_live_"),
            DialectName(rawValue: "proxaro"): live("proxaro_live_"),
            DialectName(rawValue: "octoprox"): nil,
            DialectName(rawValue: "marchproxy"): KeyForm(
                prefix: "mp_api_", lengths: 32...64, accepted: .urlSafe, madeLength: 40,
                made: .lowerAlphanumeric),
        ], singlePorts: [Gate.name])

    /// A prefix and 32 hex digits.
    private static func live(_ prefix: String) -> KeyForm {
        KeyForm(prefix: prefix, lengths: 32...32, accepted: .hex, madeLength: 32, made: .hex)
    }
}
