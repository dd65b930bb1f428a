public import Logging
public import Primitives

/// Writes what the process logs as JSON lines: time, level, message, logger, then the metadata.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let sink: any LogSink
    private let clock: any WallClock

    public init(label: String, level: Logger.Level, sink: any LogSink, clock: any WallClock = SystemClock()) {
        self.label = label
        logLevel = level
        self.sink = sink
        self.clock = clock
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var merged = metadata
        for more in [metadataProvider?.get(), event.metadata] {
            if let more { merged.merge(more) { _, newer in newer } }
        }
        var json = JSONWriter(capacity: 256)
        json.beginLogLine(clock.now(), event.level, event.message.description)
        json.key("logger")
        json.string(label)
        for (key, value) in merged.sorted(by: { $0.key < $1.key }) {
            json.key(key)
            json.metadata(value)
        }
        if let error = event.error {
            json.key("error")
            json.string("\(error)")
        }
        json.endObject()
        sink.write(json.bytes)
    }
}

extension JSONWriter {
    /// What every line begins with.
    mutating func beginLogLine(_ time: Instant, _ level: Logger.Level, _ message: String) {
        beginObject()
        key("time")
        string(time.rfc3339())
        key("level")
        string(level.rawValue)
        key("message")
        string(message)
    }

    fileprivate mutating func metadata(_ value: Logger.Metadata.Value) {
        switch value {
        case .string(let text): string(text)
        case .stringConvertible(let value): string(value.description)
        case .array(let values):
            beginArray()
            for value in values { metadata(value) }
            endArray()
        case .dictionary(let values):
            beginObject()
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                key(name)
                metadata(value)
            }
            endObject()
        }
    }
}
