internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Closes connections of clients that take too long over a body, or go on sending one that was answered
/// already, and tells those who wait for it (`Expect: 100-continue`) to go on.
///
/// A request that arrives whole in one read costs no timer.
final class RequestPacing: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let bodyTime: TimeAmount
    private let bodyMax: Int
    /// The head of a request whose end has not been read.
    private var unfinished: HTTPRequest?
    private var deadline: Scheduled<Void>?

    /// What a client is given to notice an answer that came before the end of its request.
    private static let lingering = TimeAmount.seconds(1)

    init(bodySeconds: Int64, bodyMax: Int) {
        bodyTime = .seconds(bodySeconds)
        self.bodyMax = bodyMax
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): unfinished = head
        case .body: break
        case .end:
            unfinished = nil
            deadline?.cancel()
            deadline = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if let unfinished, deadline == nil {
            close(context, in: bodyTime)
            if isWaitingToGoOn(unfinished) {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard unfinished != nil else {
            context.write(data, promise: promise)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational:
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body: context.write(data, promise: promise)
        case .end:
            context.write(data, promise: promise)
            deadline?.cancel()
            close(context, in: Self.lingering)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    /// RFC 9110 §10.1.1; a body that is too large anyway gets its final answer instead.
    private func isWaitingToGoOn(_ head: HTTPRequest) -> Bool {
        guard head.headerFields[.expect]?.lowercased() == "100-continue" else { return false }
        return head.headerFields[.contentLength].flatMap(Int.init).map { $0 <= bodyMax } ?? true
    }

    private func close(_ context: ChannelHandlerContext, in time: TimeAmount) {
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
