// libFuzzer's entry: scripts/fuzz compiles it with Primitives and its probes into one program per probe.
#if canImport(Glibc)
    import Glibc
#endif

private let probe: PrimitivesProbe = {
    guard let name = getenv("TOLLGATE_PROBE"), let probe = PrimitivesProbe(rawValue: String(cString: name))
    else { fatalError("TOLLGATE_PROBE names no probe") }
    return probe
}()

/// Called by libFuzzer with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do throws(ProbeFailure) {
        try probe.run(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
        fatalError(error.description)
    }
    return 0
}
