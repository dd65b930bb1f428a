internal import Primitives

/// One run of a stream and the channel that it fills; letting go of it stops the run.
final class StreamReader: Sendable {
    private let run: StreamRun
    private let start: OneTimeStart

    init(_ stream: SnapshotStream) {
        let run = StreamRun(channel: ChunkChannel(limit: stream.chunksMax))
        self.run = run
        start = OneTimeStart {
            stream.pool.submit(
                run: { connection in run.carryOut(stream, connection) },
                refuse: { run.channel.finish($0) }
            )
        }
    }

    deinit {
        run.stop()
    }

    func next() async throws -> [UInt8]? {
        start.go()
        return try await withTaskCancellationHandler {
            try await run.channel.next()
        } onCancel: {
            run.stop()
        }
    }
}

/// The part that the pool's thread works on; it does not keep the reader alive.
final class StreamRun: Sendable {
    let channel: ChunkChannel
    private let interruption = Interruption()

    init(channel: ChunkChannel) {
        self.channel = channel
    }

    func stop() {
        // After the end there is no statement left to cancel.
        if channel.abandon() { interruption.request() }
    }

    func carryOut(_ stream: SnapshotStream, _ connection: Connection) {
        do {
            let opened = try connection.open(stream.opening, file: #fileID, line: #line)
            let time = TenantTime(
                real: stream.pool.clock.now(), aheadMilliseconds: try stream.opening.clockAhead(opened))
            try connection.finishingTransaction {
                guard interruption.begin(connection.makeCanceller()) else { throw CancellationError() }
                defer { interruption.end() }
                try stream.body(Transaction(connection: connection, time)) { chunk in
                    try channel.send(chunk)
                }
            }
            channel.finish()
        } catch {
            channel.finish(error)
        }
    }
}
