/// What a customer's names look like, in a file or from anybody else.
public enum CustomerForms {
    /// In lower case; `nil` for what is no e-mail address.
    public static func email(_ text: String) -> String? {
        Form.email.isMatch(text) ? text.lowercased() : nil
    }

    public static func isUsername(_ text: String) -> Bool { !text.isEmpty && Form.username.isMatch(text) }

    /// A scope of a key.
    public static func isScope(_ text: String) -> Bool { !text.isEmpty && Form.word.isMatch(text) }

    /// Completes "must be a …".
    public static var usernameExplanation: String { Form.username.explanation }
    public static var scopeExplanation: String { Form.word.explanation }
}
