import Foundation
import Hummingbird

// What Hummingbird does with nothing behind it: the ceiling that the doors are held against.

let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 18_080
let router = Router()
router.get("/") { _, _ in "Hello, world!" }
let application = Application(
    router: router,
    configuration: .init(address: .hostname("127.0.0.1", port: port)),
    onServerRunning: { _ in
        print("http://127.0.0.1:\(port)")
        fflush(nil)
    }
)
try await application.runService()
