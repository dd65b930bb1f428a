import Foundation
import Primitives
import Testing

@Suite("Random JSON")
struct JSONPropertyTests {
    @Test func `every document survives being written and read`() async {
        await forAll { generator in
            let document = generator.document()
            let bytes = document.encoded()
            let read = try JSON.parse(bytes)
            try same(read, document)
            // Swift takes é for é however it is composed; bytes do not.
            try same(read.encoded(), bytes)
        }
    }

    @Test func `every document survives other white space, escapes, spellings and orders`() async {
        await forAll { generator in
            let document = generator.document()
            let text = generator.respelled(document)
            try same(try JSON.parse(text.utf8).canonical(), document.canonical(), text)
        }
    }

    @Test func `the canonical text is a document with itself as canonical text`() async {
        await forAll { generator in
            let canonical = generator.document().canonical()
            try same(try JSON.parse(canonical).canonical(), canonical)
        }
    }

    @Test func `every beginning of a document is an error and not a crash`() async {
        await forAll(2_000) { generator in
            let bytes = JSON.array([generator.document(depth: 3)]).encoded()
            for length in 0..<bytes.count {
                try holds(
                    (try? JSON.parse(bytes[..<length])) == nil,
                    String(decoding: bytes[..<length], as: UTF8.self))
            }
        }
    }

    @Test func `random bytes never crash the parser`() async {
        await forAll(50_000) { generator in
            let bytes = (0..<generator.integer(0...60)).map { _ in UInt8(truncatingIfNeeded: generator.next())
            }
            _ = try? JSON.parse(bytes)
        }
    }

    @Test func `random marks never crash the parser, and what it reads it writes`() async {
        let marks = Array("{}[]:,\"\\ \n-+.eE0123456789truefalsenulud8DC\u{C3}\u{A9}".utf8)
        await forAll(50_000) { generator in
            let bytes = (0..<generator.integer(0...24)).map { _ in generator.pick(marks) }
            guard let value = try? JSON.parse(bytes) else { return }
            try same(try JSON.parse(value.encoded()), value)
        }
    }

    /// Foundation overlooks names used twice and a comma before `}`, and has no room for huge numbers.
    @Test func `a damaged document is read exactly when Foundation reads it`() async {
        await forAll(20_000) { generator in
            let bytes = generator.damaged(generator.document(depth: 3).encoded())
            let foundation =
                (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
            do {
                let value = try JSON.parse(bytes)
                try holds(
                    foundation || value.hasNumberBeyondDouble,
                    "we read \(String(decoding: bytes, as: UTF8.self))")
            } catch let error as JSONError {
                if case .duplicateKey = error.reason { return }
                if error.reason == .unexpectedByte(UInt8(ascii: "}")) { return }
                try holds(!foundation, "we refuse \(String(decoding: bytes, as: UTF8.self)): \(error)")
            }
        }
    }
}

extension SplitMix64 {
    /// The same bytes with a few removed, doubled, exchanged or replaced.
    fileprivate mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<integer(1...3) where !bytes.isEmpty {
            let place = Int(integer(0...Int64(bytes.count - 1)))
            switch integer(0...3) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(bytes[place], at: place)
            case 2: bytes.swapAt(place, Int(integer(0...Int64(bytes.count - 1))))
            default: bytes[place] = pick(Array("{}[]:,\"\\ -+.eE019ntfu".utf8))
            }
        }
        return bytes
    }
}

extension JSON {
    fileprivate var hasNumberBeyondDouble: Bool {
        switch self {
        case .null, .bool, .integer, .string: false
        case .number(let number): Double(number.literal).map { !$0.isFinite } ?? true
        case .array(let elements): elements.contains(where: \.hasNumberBeyondDouble)
        case .object(let object): object.members.contains(where: \.value.hasNumberBeyondDouble)
        }
    }
}
