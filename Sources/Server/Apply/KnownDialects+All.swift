internal import Catalog

extension KnownDialects {
    /// Every dialect that a catalogue may sell in. The forms of keys are the vendors' (contracts, "Auth"); a
    /// dialect whose door is not built yet is listed all the same, so that its plans and customers can be
    /// laid out before.
    public static let all = KnownDialects(
        keyForms: [
            Gate.name: Gate.keyForm,
            OPProxy.name: OPProxy.keyForm,
            DialectName(rawValue: "proxaro"): KeyForm(
                prefix: "proxaro_live_", testPrefix: "proxaro_test_", lengths: 32...32, accepted: .hex,
                madeLength: 32, made: .hex),
            DialectName(rawValue: "octoprox"): nil,
            DialectName(rawValue: "marchproxy"): KeyForm(
                prefix: "mp_api_", testPrefix: "mp_api_test_", lengths: 32...64, accepted: .urlSafe,
                madeLength: 40,
                made: .lowerAlphanumeric),
        ], singlePorts: [Gate.name])
}
