internal import Foundation

/// Interrupts a thread that is polling: one end is polled, the other may be rung from any thread.
final class WakeUp: Sendable {
    let readEnd: Int32
    private let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no file descriptors are left")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Makes the next or the current poll return at once.
    func ring() {
        var byte: UInt8 = 1
        // A full pipe has been rung already.
        _ = write(writeEnd, &byte, 1)
    }

    /// Waits until a descriptor is readable, the bell rings or the time is over; nil waits without end.
    func wait(forReadable descriptor: Int32? = nil, milliseconds: Int? = nil) {
        var pollers = [pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)]
        if let descriptor { pollers.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)) }
        _ = poll(&pollers, nfds_t(pollers.count), Int32(milliseconds ?? -1))
    }
}
