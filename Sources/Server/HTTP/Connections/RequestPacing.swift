internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Stands between the bytes of one connection and those who answer: bounds how long a client may take over a
/// request and over its answers, says what is wrong with what is no request, and keeps the table of
/// connections informed.
///
/// A request that arrives whole in one read, and whose answer is taken, costs no timer.
final class RequestPacing: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    let pace: Pace
    private let table: ConnectionTable
    let refusal: @Sendable (ConnectionProblem, String) -> DialectResponse
    private var connection: OpenConnection?
    /// The head of a request whose end has not been read.
    private var unfinished: HTTPRequest?
    /// Requests whose head was read and whose answer has not been written.
    private var unanswered = 0
    /// Nothing more is read: the connection ends with what is being written.
    var isEnding = false
    /// Said once everything before it has been answered.
    var pendingProblem: ConnectionProblem?
    private var hasReadPart = false
    private var deadline: Scheduled<Void>?
    private var writeDeadline: Scheduled<Void>?

    /// - Parameter refusal: the answer to what no dialect is asked about, for a client's address.
    init(
        pace: Pace, table: ConnectionTable,
        refusal: @escaping @Sendable (ConnectionProblem, String) -> DialectResponse
    ) {
        self.pace = pace
        self.table = table
        self.refusal = refusal
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { admit(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        if connection == nil { admit(context) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        hasReadPart = true
        switch unwrapInboundIn(data) {
        case .head(let head):
            stopWaiting()
            unfinished = head
            unanswered += 1
        case .body: break
        case .end:
            stopWaiting()
            unfinished = nil
            // Given up for another's sake: what nobody would hear the end of is not begun.
            if connection?.beginWork() == false {
                isEnding = true
                return
            }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !isEnding, deadline == nil { waitForMore(context) }
        hasReadPart = false
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is IOError || error is ChannelError {
            context.fireErrorCaught(error)
        } else if isEnding {
            // It concerns what is not read any more.
        } else if unfinished == nil {
            end(context, with: .malformed)
        } else {
            endBody(context, .malformed)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where unfinished != nil && head.status.kind != .informational:
            // What is left of the request is not read.
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body: context.write(data, promise: promise)
        case .end:
            context.write(data, promise: promise)
            answered(context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeDeadline?.cancel()
        writeDeadline = nil
        if context.channel.isWritable {
            if unanswered > 0, unfinished == nil { _ = connection?.beginWork() }
        } else {
            connection?.becomeQuiet()
            watchWriting(context)
        }
        context.fireChannelWritabilityChanged()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // A client that has its last answer and stays all the same is left.
        if case .output = mode, deadline == nil { deadline = closing(context, in: pace.leaving) }
        context.close(mode: mode, promise: promise)
    }
}

extension RequestPacing {
    private func admit(_ context: ChannelHandlerContext) {
        switch table.admit(context.channel, from: context.channel.remoteAddress?.ipAddress ?? "") {
        case .admitted(let connection): self.connection = connection
        case .refused:
            isEnding = true
            write(.overloaded, context)
            context.close(promise: nil)
        }
    }

    private func forget() {
        stopWaiting()
        writeDeadline?.cancel()
        writeDeadline = nil
        if let connection { table.remove(connection) }
        connection = nil
    }

    private func stopWaiting() {
        deadline?.cancel()
        deadline = nil
    }

    /// After a read that left a request unfinished, in its head or in its body.
    private func waitForMore(_ context: ChannelHandlerContext) {
        if let unfinished {
            let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            deadline = context.eventLoop.scheduleTask(in: pace.body) {
                let (handler, context) = loopBound.value
                handler.endBody(context, .tooSlow)
            }
            if pace.isWaitingToGoOn(unfinished) {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        } else if !hasReadPart, unanswered == 0 {
            let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            deadline = context.eventLoop.scheduleTask(in: pace.head) {
                let (handler, context) = loopBound.value
                handler.end(context, with: .tooSlow)
            }
        }
    }

    /// Whoever reads the body hears of it and answers in the words of the dialect.
    private func endBody(_ context: ChannelHandlerContext, _ reason: BrokenRequest) {
        isEnding = true
        stopWaiting()
        deadline = closing(context, in: pace.answering)
        context.fireErrorCaught(reason)
    }

    private func answered(_ context: ChannelHandlerContext) {
        unanswered -= 1
        if unfinished != nil {
            isEnding = true
            stopWaiting()
            deadline = closing(context, in: pace.lingering)
        } else if unanswered == 0 {
            connection?.endWork()
            if let problem = pendingProblem {
                pendingProblem = nil
                write(problem, context)
                stopWaiting()
                deadline = closing(context, in: pace.lingering)
            }
        }
    }

    /// Closes the connection when its client has taken next to nothing for a while.
    private func watchWriting(_ context: ChannelHandlerContext) {
        let left = unwritten(context)
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        writeDeadline = context.eventLoop.scheduleTask(in: pace.writing) {
            let (handler, context) = loopBound.value
            if handler.unwritten(context) <= left - handler.pace.writtenMin {
                handler.watchWriting(context)
            } else {
                context.close(promise: nil)
            }
        }
    }

    private func unwritten(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Ends the connection between two requests: after what is owed, with a problem.
    private func end(_ context: ChannelHandlerContext, with problem: ConnectionProblem) {
        isEnding = true
        if unanswered == 0 {
            write(problem, context)
            stopWaiting()
            deadline = closing(context, in: pace.lingering)
        } else {
            pendingProblem = problem
        }
        // Whoever waits for the next request learns that there is none.
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    private func write(_ problem: ConnectionProblem, _ context: ChannelHandlerContext) {
        let answer = refusal(problem, context.channel.remoteAddress?.ipAddress ?? "")
        var head = HTTPResponse(status: answer.status, headerFields: answer.headers)
        head.headerFields[.connection] = "close"
        head.headerFields[.contentLength] = String(answer.body.count)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func closing(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        let channel = context.channel
        return context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
