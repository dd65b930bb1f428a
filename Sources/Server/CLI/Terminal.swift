internal import Foundation
internal import Primitives

/// What a command says to whoever started it: results on standard output, the rest on standard error.
enum Terminal {
    /// Whether somebody is looking at what goes to standard error: progress is for them alone.
    static let isWatched = isatty(STDERR_FILENO) == 1

    /// A line of the result.
    static func say(_ line: String) {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// A result for machines: one document, one line.
    static func say(json: JSON) {
        say(String(decoding: json.encoded(), as: UTF8.self))
    }

    /// A line about what went wrong.
    static func complain(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// A line that is overwritten by the next; nothing where nobody looks.
    static func progress(_ line: String) {
        guard isWatched else { return }
        write("\r\u{1B}[K" + line, to: STDERR_FILENO)
    }

    /// Takes the last line of progress away.
    static func endProgress() {
        progress("")
    }

    /// At once, unbuffered: a line such as `ready …` is waited for by scripts.
    private static func write(_ text: String, to file: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            // Nobody reads any more: there is nowhere left to say so.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
