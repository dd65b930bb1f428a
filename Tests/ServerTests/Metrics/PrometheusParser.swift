import Foundation
import Primitives
import TestSupport
import Testing

/// Prometheus' own Python client reads what we render: `make test` installs it into .venv.
enum PrometheusParser {
    private static let script = """
        import json, sys
        from prometheus_client.parser import text_string_to_metric_families as parse
        print(json.dumps({f.name: {"type": f.type, "samples": [
            [s.name, dict(sorted(s.labels.items())), str(float(s.value))] for s in f.samples]}
            for f in parse(sys.stdin.read())}))
        """

    /// Each family's type, and its samples as `[name, labels, value]`.
    static func families(of text: String) throws -> JSON {
        let python = Process()
        python.executableURL = URL(filePath: "\(TestPaths.repository)/.venv/bin/python")
        python.arguments = ["-c", script]
        let (input, output) = (Pipe(), Pipe())
        python.standardInput = input
        python.standardOutput = output
        do {
            try python.run()
        } catch {
            Issue.record(
                "there is no .venv with prometheus_client: `make test` makes it (Tests/requirements.txt)")
            throw error
        }
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        python.waitUntilExit()
        #expect(python.terminationStatus == 0, "prometheus_client could not read the page: is it in .venv?")
        return try JSON.parse(data)
    }
}
