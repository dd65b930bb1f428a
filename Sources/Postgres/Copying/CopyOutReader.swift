internal import Primitives

/// One run of a COPY and the channel that it fills; letting go of it stops the run.
final class CopyOutReader: Sendable {
    private let run: CopyOutRun
    private let start: OneTimeStart

    init(_ sequence: CopyOutSequence) {
        let run = CopyOutRun(channel: ChunkChannel(limit: sequence.chunksMax))
        self.run = run
        start = OneTimeStart {
            sequence.pool.submit(
                run: { connection in run.copy(sequence, connection) },
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
final class CopyOutRun: Sendable {
    let channel: ChunkChannel
    private let interruption = Interruption()

    init(channel: ChunkChannel) {
        self.channel = channel
    }

    func stop() {
        // After the end there is no statement left to cancel.
        if channel.abandon() { interruption.request() }
    }

    func copy(_ sequence: CopyOutSequence, _ connection: Connection) {
        do {
            let opening = TransactionOpening(
                begin: "BEGIN READ ONLY", tenant: sequence.tenant, sequence.pool.configuration
            )
            try connection.open(opening, file: #fileID, line: #line)
            try connection.finishingTransaction { try fill(sequence, connection) }
            channel.finish()
        } catch {
            channel.finish(error)
        }
    }

    /// Gathers rows, which may be a few bytes each, into chunks that are worth a hand-over.
    private func fill(_ sequence: CopyOutSequence, _ connection: Connection) throws {
        guard interruption.begin(connection.makeCanceller()) else { throw CancellationError() }
        defer { interruption.end() }
        var chunk: [UInt8] = []
        try connection.copyOut(sequence.statement) { row in
            chunk.append(contentsOf: row)
            guard chunk.count >= sequence.chunkBytes else { return }
            try channel.send(chunk)
            chunk = []
        }
        if !chunk.isEmpty { try channel.send(chunk) }
    }
}
