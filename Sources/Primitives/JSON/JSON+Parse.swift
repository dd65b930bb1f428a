extension JSON {
    /// Reads one JSON text: strict RFC 8259 in UTF-8, member names unique, at most `depthMax` levels deep.
    public static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSON {
        var parser = JSONParser(bytes)
        return try parser.document()
    }

    /// Reads one JSON text from an array, a slice, a string's UTF-8 or a buffer's view.
    @inlinable
    public static func parse(_ bytes: some Collection<UInt8>) throws(JSONError) -> JSON {
        let direct = bytes.withContiguousStorageIfAvailable { parsed(UnsafeRawBufferPointer($0)) }
        guard let direct else {
            return try [UInt8](bytes).withUnsafeBytes { parsed($0) }.get()
        }
        return try direct.get()
    }

    /// Carries the typed error through closures that only rethrow.
    @usableFromInline
    static func parsed(_ bytes: UnsafeRawBufferPointer) -> Result<JSON, JSONError> {
        do throws(JSONError) {
            return .success(try parse(bytes))
        } catch {
            return .failure(error)
        }
    }
}
