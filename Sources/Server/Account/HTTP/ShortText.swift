/// Texts that customers write for themselves: one screen shows them again, and nothing else reads them.
enum ShortText {
    /// 1 to `most` characters as PostgreSQL counts them, none of them a control character.
    static func isAcceptable(_ text: String, most: Int, lines: Bool = false) -> Bool {
        (1...most).contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.properties.generalCategory != .control || (lines && scalar == "\n")
            }
    }
}
