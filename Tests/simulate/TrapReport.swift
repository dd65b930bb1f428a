internal import Foundation

/// A trap ends the process before anything can be shrunk: it still says which script it was.
enum TrapReport {
    nonisolated(unsafe) private static var script = 0

    static func playing(_ number: Int) { script = number }

    static func install() {
        for trap in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS] { signal(trap) { TrapReport.tell($0) } }
    }

    /// Only what a signal handler may do: digits into a buffer, one write.
    private static func tell(_ trap: Int32) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { digits in
            var place = 23
            digits[place] = UInt8(ascii: "\n")
            var left = script
            repeat {
                place -= 1
                digits[place] = UInt8(ascii: "0") + UInt8(left % 10)
                left /= 10
            } while left > 0
            let text: StaticString = "TRAP in script "
            _ = write(2, text.utf8Start, text.utf8CodeUnitCount)
            _ = write(2, digits.baseAddress! + place, 24 - place)
        }
        signal(trap, SIG_DFL)
        raise(trap)
    }
}
