/// What whoever moves money by hand has to say of it, over HTTP and by command alike.
enum Handwritten {
    static let reasonForm = "1 to 500 characters, none of them control characters"
    static let referenceForm = "1 to 255 printable ASCII characters"

    /// A sentence for the statement and the log.
    static func isReason(_ text: String) -> Bool {
        (1...500).contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    /// The outside name of the money, by which it is moved once.
    static func isReference(_ text: String) -> Bool { IdempotencyKey(text) != nil }
}
