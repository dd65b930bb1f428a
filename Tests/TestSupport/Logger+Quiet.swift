public import Logging

extension Logger {
    /// Says nothing: what a test provokes on purpose is not worth reading.
    public static var quiet: Logger { Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() } }
}
