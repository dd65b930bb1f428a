import Metrics
import TestSupport
import Testing

@testable import Server

@Suite("Metrics")
struct PrometheusMetricsTests {
    private let metrics = PrometheusMetrics(seriesMax: 3)

    @Test func `a counter counts, whoever holds it`() {
        for _ in 0..<2 {
            Counter(label: "orders", dimensions: [("kind", "a")], factory: metrics).increment(by: 2)
        }
        Counter(label: "orders", dimensions: [("kind", "b")], factory: metrics).increment(by: -5)
        #expect(
            metrics.render() == """
                # TYPE orders_total counter
                orders_total{kind="a"} 4
                orders_total{kind="b"} 0

                """)
    }

    @Test func `gauges are what is now`() {
        let meter = Meter(label: "slots.ready", factory: metrics)
        meter.set(7)
        meter.increment(by: 0.5)
        Gauge(label: "queue", factory: metrics).record(3)
        metrics.beforeRendering { Gauge(label: "late", factory: metrics).record(9) }
        #expect(
            metrics.render() == """
                # TYPE late gauge
                late 9
                # TYPE queue gauge
                queue 3
                # TYPE slots_ready gauge
                slots_ready 7.5

                """)
    }

    @Test func `a timer is a histogram of seconds`() {
        let timer = Metrics.Timer(label: "commit", factory: metrics)
        timer.recordMilliseconds(2)
        timer.recordMilliseconds(3)
        timer.recordSeconds(60)
        let text = metrics.render()
        #expect(text.hasPrefix("# TYPE commit_seconds histogram\n"))
        #expect(text.contains("commit_seconds_bucket{le=\"0.001\"} 0\n"))
        #expect(text.contains("commit_seconds_bucket{le=\"0.0025\"} 1\n"))
        #expect(text.contains("commit_seconds_bucket{le=\"0.005\"} 2\n"))
        #expect(text.contains("commit_seconds_bucket{le=\"10\"} 2\n"))
        #expect(text.contains("commit_seconds_bucket{le=\"+Inf\"} 3\n"))
        #expect(text.contains("commit_seconds_sum 60.005\ncommit_seconds_count 3\n"))
    }

    @Test func `a recorder is a histogram of sizes`() {
        Recorder(label: "group_size", factory: metrics).record(29)
        #expect(metrics.render().contains("group_size_bucket{le=\"20\"} 0\ngroup_size_bucket{le=\"50\"} 1\n"))
    }

    @Test func `labels without end share one series`() {
        for number in 0..<100 {
            Counter(label: "c", dimensions: [("id", "\(number)")], factory: metrics).increment()
        }
        let lines = metrics.render().split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines.contains("c_total{overflow=\"true\"} 97"))
    }

    @Test func `one name of two types becomes two names`() {
        Meter(label: "x", factory: metrics).set(1)
        Recorder(label: "x", factory: metrics).record(1)
        #expect(metrics.render().contains("# TYPE x gauge\n"))
        #expect(metrics.render().contains("# TYPE x_histogram histogram\n"))
    }

    @Test func `names and labels are made to fit the format`() {
        Meter(label: "9 lives/é", dimensions: [("a-b", "say \"hi\"\n\\o/"), ("z:y", "1")], factory: metrics)
            .set(1)
        #expect(
            metrics.render() == """
                # TYPE _9_lives___ gauge
                _9_lives___{a_b="say \\"hi\\"\\n\\\\o/",z_y="1"} 1

                """)
    }

    @Test func `a process says how much it uses`() throws {
        let metrics = PrometheusMetrics()
        metrics.watchProcess()
        for name in ["process_resident_memory_bytes", "process_cpu_seconds", "process_open_fds"] {
            let line = try #require(
                metrics.render().split(separator: "\n").first { $0.hasPrefix("\(name) ") })
            #expect((Double(line.split(separator: " ")[1]) ?? 0) > 0)
        }
    }
}
