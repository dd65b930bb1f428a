internal import Foundation
internal import Metrics
public import Postgres

extension PrometheusMetrics {
    /// Adds what Prometheus' own clients say of a process: memory, processor time, descriptors, when it
    /// began.
    public func watchProcess() {
        let memory = Meter(label: "process_resident_memory_bytes", factory: self)
        let seconds = Meter(label: "process_cpu_seconds", factory: self)
        let descriptors = Meter(label: "process_open_fds", factory: self)
        Meter(label: "process_start_time_seconds", factory: self).set(Date().timeIntervalSince1970.rounded())
        beforeRendering {
            if let pages = Self.residentPages() { memory.set(pages * Int64(sysconf(Int32(_SC_PAGESIZE)))) }
            var time = timespec()
            if clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 {
                seconds.set(Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
            }
            if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
                descriptors.set(Int64(open))
            }
        }
    }

    /// Adds how many jobs wait for a connection of a pool.
    public func watch(_ pool: PostgresPool, named name: String) {
        let waiting = Meter(
            label: "tollgate_postgres_jobs_waiting", dimensions: [("pool", name)], factory: self)
        beforeRendering { waiting.set(Int64(pool.waiting)) }
    }

    /// Adds how many requests have not been written down yet.
    public func watch(_ recorder: RequestRecorder) {
        let waiting = Meter(label: "tollgate_request_log_waiting", factory: self)
        beforeRendering { waiting.set(Int64(recorder.waiting)) }
    }

    /// Adds how many subjects a limiter remembers.
    public func watch(_ limiter: SlidingWindowLimiter) {
        let subjects = Meter(label: "tollgate_rate_limit_subjects", factory: self)
        beforeRendering { subjects.set(Int64(limiter.subjectCount)) }
    }

    /// The second number of /proc/self/statm; `nil` where there is no such file.
    private static func residentPages() -> Int64? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let numbers = text.split(separator: " ")
        return numbers.count > 1 ? Int64(numbers[1]) : nil
    }
}
