internal import Foundation

/// A few lines of C that a process is made to load first, so that the kernel seems to answer something else.
enum Shim {
    /// The folder with the sources, beside this file.
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Shims")

    static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Compiles one and returns what `LD_PRELOAD` has to be.
    static func make(_ name: String, in folder: DrillFolder) throws -> String {
        guard let compiler else { throw DrillProblem("there is no C compiler") }
        let library = "\(folder.path)/\(name).so"
        let source = sources.appending(path: "\(name).c").path(percentEncoded: false)
        let made = try ChildProcess.run(
            compiler, ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], in: folder)
        guard made.status == 0 else { throw DrillProblem("\(name).c: \(made.words)") }
        return library
    }
}
