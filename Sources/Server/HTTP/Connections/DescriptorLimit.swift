internal import Foundation

/// How many files and sockets the process may have open.
enum DescriptorLimit {
    /// What is kept for the database, logs and files, and for connections that are just being closed.
    static let reserve = 256

    /// Raises the limit as far as the process may without asking anybody, and returns it.
    static func raise() -> Int {
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 1_024 }
        if limit.rlim_cur < limit.rlim_max {
            var raised = limit
            raised.rlim_cur = limit.rlim_max
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
