extension Statement {
    /// Quotes a text as an SQL literal, for the few statements that take no parameters, such as COPY.
    public static func literal(_ text: String) -> String {
        let quoted = text.replacingEach("'", with: "''")
        // Without the E, standard strings take a backslash as it is; this form says so for any setting.
        return text.contains("\\") ? "E'\(quoted.replacingEach("\\", with: "\\\\"))'" : "'\(quoted)'"
    }

    /// Quotes a name, so that it is taken letter by letter.
    public static func identifier(_ name: String) -> String {
        "\"\(name.replacingEach("\"", with: "\"\""))\""
    }
}

extension String {
    fileprivate func replacingEach(_ character: Character, with replacement: String) -> String {
        split(separator: character, omittingEmptySubsequences: false).joined(separator: replacement)
    }
}
