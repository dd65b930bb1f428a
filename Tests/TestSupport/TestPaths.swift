internal import Foundation

/// Where things are in the working copy that the tests were built from.
public enum TestPaths {
    /// The folder that holds Package.swift.
    public static let repository: String = {
        // Tests/TestSupport/TestPaths.swift
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path(percentEncoded: false)
            .trimmingSuffix("/")
    }()

    /// A file under fixtures/.
    public static func fixture(_ path: String) -> String { "\(repository)/fixtures/\(path)" }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
