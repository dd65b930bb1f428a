/// What an API key is for: what is sold, or the sandbox of who sells it.
public enum KeyEnvironment: String, Sendable, Hashable, CaseIterable {
    case live, test
}
