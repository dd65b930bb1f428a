/// What a name may look like: a pattern and the sentence that explains it.
struct Form {
    let isMatch: @Sendable (String) -> Bool
    /// Completes `"x" is no …`.
    let explanation: String

    static let slug = Form(explanation: "DNS label: lower-case letters, digits and inner hyphens, at most 63")
    {
        $0.utf8.count <= 63 && isLabel($0)
    }
    static let code = Form(explanation: "code: letters, digits, \"-\", \"_\" and \".\", at most 64") {
        $0.utf8.count <= 64 && $0.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }
    static let word = Form(explanation: "word: lower-case letters, digits and \"_\", at most 64") {
        $0.utf8.count <= 64 && $0.utf8.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "_") }
    }
    static let country = Form(explanation: "country: two capital letters of ISO 3166-1, like NL") {
        $0.utf8.count == 2 && $0.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
    static let autonomousSystem = Form(explanation: "AS number, like AS1136") {
        $0.hasPrefix("AS") && UInt32($0.dropFirst(2)) != nil && $0.utf8.dropFirst(2).allSatisfy(isDigit)
    }
    static let hostName = Form(explanation: "host name: lower-case DNS labels with dots between them") {
        $0.utf8.count <= 253 && labels($0).allSatisfy { $0.utf8.count <= 63 && isLabel($0) }
    }
    static let address = Form(explanation: "host name or IP address") {
        hostName.isMatch($0.lowercased())
            || $0.contains(":") && $0.utf8.allSatisfy { isHexDigit($0) || ":.".utf8.contains($0) }
    }
    static let username = Form(explanation: "username: letters, digits and \"._@+-\", at most 64") {
        $0.utf8.count <= 64 && $0.utf8.allSatisfy { isAlphanumeric($0) || "._@+-".utf8.contains($0) }
    }
    static let email = Form(explanation: "e-mail address") { text in
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return text.utf8.count <= 254 && parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && !text.contains(where: \.isWhitespace)
    }

    private init(explanation: String, isMatch: @escaping @Sendable (String) -> Bool) {
        self.isMatch = isMatch
        self.explanation = explanation
    }

    private static func labels(_ text: String) -> [String] {
        text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    private static func isLabel(_ text: String) -> Bool {
        let letters = text.utf8
        return !letters.isEmpty && letters.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
            && letters.first != UInt8(ascii: "-") && letters.last != UInt8(ascii: "-")
    }

    private static func isDigit(_ letter: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(letter)
    }

    private static func isLowerOrDigit(_ letter: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) || isDigit(letter)
    }

    private static func isAlphanumeric(_ letter: UInt8) -> Bool {
        isLowerOrDigit(letter) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter)
    }

    private static func isHexDigit(_ letter: UInt8) -> Bool {
        isDigit(letter) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(letter | 0x20)
    }
}
