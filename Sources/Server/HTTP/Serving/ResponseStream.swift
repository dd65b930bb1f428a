public import HTTPTypes
internal import Hummingbird

/// A body that is made while it is sent, no faster than the client takes it; its length is not known before.
///
/// A client that goes away ends it: the next part cannot be written, and whatever makes the parts is let go of. One that
/// takes next to nothing is left as any other (`RequestPacing`). An error breaks the connection off, so that nobody takes
/// a part for the whole.
public struct ResponseStream: Sendable {
    let next: @Sendable () async throws -> [UInt8]?
    let trailers: @Sendable () -> HTTPFields?

    /// - Parameters:
    ///   - next: makes the next part; `nil` at the end. It is asked again once the last part is on its way.
    ///   - trailers: the fields that follow the body.
    public init(
        next: @escaping @Sendable () async throws -> [UInt8]?,
        trailers: @escaping @Sendable () -> HTTPFields? = { nil }
    ) {
        self.next = next
        self.trailers = trailers
    }
}

extension ResponseBody {
    init(_ stream: ResponseStream) {
        self.init(contentLength: nil) { writer in
            while let part = try await stream.next() {
                try await writer.write(ByteBuffer(bytes: part))
            }
            try await writer.finish(stream.trailers())
        }
    }
}
