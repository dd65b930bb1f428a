internal import CLibPQ

/// Notes that the server has ended the session while nobody was asking it anything.
///
/// libpq treats an unasked-for error as a notice, so a receiver of notices sees it first. All other notices
/// are dropped: by default libpq would print them on standard error.
final class ServerFarewell {
    private let flag = UnsafeMutablePointer<Bool>.allocate(capacity: 1)

    init() {
        flag.initialize(to: false)
    }

    deinit {
        flag.deallocate()
    }

    var wasSaid: Bool { flag.pointee }

    func listen(on handle: OpaquePointer) {
        _ = PQsetNoticeReceiver(
            handle,
            { flag, notice in
                guard DiagnosticField.endsTheSession(notice) else { return }
                flag?.storeBytes(of: true, as: Bool.self)
            },
            flag
        )
    }
}
