extension Gate {
    static func openAPI(mountedAt prefix: String) -> [UInt8] { [] }
}
