import Primitives
import Testing

@Suite("Pages")
struct PageTests {
    @Test(
        arguments: [(0, 3, 0, nil), (2, 3, 2, nil), (3, 3, 3, nil), (4, 3, 3, 2)] as [(Int, Int, Int, Int?)])
    func `one row too many means another page`(read: Int, limit: Int, shown: Int, next: Int?) {
        let page = Page(readingOneMore: Array(0..<read), limit: limit) { $0 }
        #expect(page.items == Array(0..<shown))
        #expect(page.next == next)
    }

    @Test func `following the cursor shows every row once`() async {
        await forAll(1_000) { generator in
            let rows = Array(0..<Int(generator.integer(0...60)))
            let limit = Int(generator.integer(1...10))
            var seen: [Int] = []
            var after: Int? = -1
            while let start = after {
                let read = Array(rows.filter { $0 > start }.prefix(limit + 1))
                let page = Page(readingOneMore: read, limit: limit) { $0 }.map { $0 }
                seen += page.items
                after = page.next
            }
            try same(seen, rows)
        }
    }
}
