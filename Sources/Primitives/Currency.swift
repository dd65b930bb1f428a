/// An ISO 4217 currency: its code and how many digits its minor unit has.
public struct Currency: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let code: String
    /// Digits after the decimal point: 0, 2, 3 or 4.
    public let scale: Int

    /// The currency of this code; `nil` where ISO 4217 lists none.
    public init?(_ code: String) {
        guard let scale = Self.scales[code] else { return nil }
        self.code = code
        self.scale = scale
    }

    public static func < (left: Currency, right: Currency) -> Bool { left.code < right.code }
    public var description: String { code }

    /// Minor units in one major unit.
    public var minorPerMajor: Int64 {
        switch scale {
        case 0: 1
        case 2: 100
        case 3: 1_000
        default: 10_000
        }
    }

    /// Every currency, by code.
    public static let all: [Currency] = scales.keys.sorted().compactMap { Currency($0) }

    // ISO 4217 list one, by digits. Codes with no minor unit of their own (gold, testing, bond units) are not money here.
    // ANG and BGN were withdrawn in 2025 and 2026 and stay, so that older books can still be read.
    private static let scales: [String: Int] = {
        var scales: [String: Int] = [:]
        for code in codesOfScale0.split(separator: " ") { scales[String(code)] = 0 }
        for code in codesOfScale2.split(separator: " ") { scales[String(code)] = 2 }
        for code in codesOfScale3.split(separator: " ") { scales[String(code)] = 3 }
        for code in codesOfScale4.split(separator: " ") { scales[String(code)] = 4 }
        return scales
    }()

    private static let codesOfScale0 = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
    private static let codesOfScale3 = "BHD IQD JOD KWD LYD OMR TND"
    private static let codesOfScale4 = "CLF UYW"
    private static let codesOfScale2 = """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE \
        CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL \
        HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR \
        MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK \
        SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD \
        XCD XCG YER ZAR ZMW ZWG
        """
}
