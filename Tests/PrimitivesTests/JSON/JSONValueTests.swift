import Primitives
import Testing

@Suite("JSON values")
struct JSONValueTests {
    let document: JSON = ["s": "x", "i": 7, "b": false, "n": .null, "a": [1], "o": ["k": 2]]

    @Test func `a value is only what it is`() {
        #expect(document["s"]?.stringValue == "x")
        #expect(document["s"]?.integralValue == nil)
        #expect(document["i"]?.integralValue == 7)
        #expect(document["i"]?.boolValue == nil)
        #expect(document["b"]?.boolValue == false)
        #expect(document["b"]?.integralValue == nil)
        #expect(document["n"]?.isNull == true)
        #expect(document["a"]?.arrayValue == [1])
        #expect(document["o"]?["k"] == 2)
        #expect(document["missing"] == nil)
        #expect(document["s"]?["k"] == nil)
        #expect(document["o"]?.arrayValue == nil)
    }

    @Test func `an object keeps a member's place when its value changes`() {
        var object = JSONObject()
        object["a"] = 1
        object["b"] = 2
        object["a"] = 3
        #expect(Array(object.keys) == ["a", "b"])
        #expect(object["a"] == 3)

        object["a"] = nil
        object["never"] = nil
        #expect(object.members.map(\.key) == ["b"])
        #expect(object.count == 1 && !object.isEmpty)
    }

    @Test func `order and spelling count for equality`() throws {
        #expect(try JSON.parse(#"{"a":1,"b":2}"#.utf8) != JSON.parse(#"{"b":2,"a":1}"#.utf8))
        #expect(try JSON.parse("1.0".utf8) != JSON.parse("1".utf8))
    }

    @Test func `a literal that names a member twice is a mistake of ours`() async {
        await #expect(processExitsWith: .failure) {
            let _: JSON = ["a": 1, "a": 2]
        }
    }
}
