internal import Catalog
internal import Primitives

extension AccountAPI {
    /// What a query asks for beyond its page; names that nobody asked for are passed over.
    struct Query {
        private let form: FormQuery

        init(_ request: DialectRequest) {
            form = FormQuery(request.query ?? "")
        }

        /// The text under a name; `nil` where it is left out.
        func text(_ name: String, _ problem: Code) throws(Problem) -> String? {
            switch form[name] {
            case .never: nil
            case .once(let text): text
            case .unclear: throw Problem(problem)
            }
        }

        /// One of the words of an enumeration.
        func word<Word: RawRepresentable>(
            _ name: String, _ problem: Code
        ) throws(Problem) -> Word? where Word.RawValue == String {
            guard let text = try text(name, problem) else { return nil }
            guard let word = Word(rawValue: text) else { throw Problem(problem) }
            return word
        }

        /// A point in time; the plus sign of a zone may have become a space on its way.
        func instant(_ name: String, _ problem: Code) throws(Problem) -> Instant? {
            guard let text = try text(name, problem) else { return nil }
            guard let instant = Instant(rfc3339: text.replacing(" ", with: "+")) else {
                throw Problem(problem)
            }
            return instant
        }

        func repeatCount() throws(Problem) -> RepeatCount {
            guard let text = try text("repeat_count", .invalidRepeatCount) else { return .one }
            guard text.utf8.count <= 4, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let count = Int64(text).flatMap(RepeatCount.init)
            else { throw Problem(.invalidRepeatCount) }
            return count
        }

        func coupon() throws(Problem) -> CouponCode? {
            guard let text = try text("coupon", .invalidCoupon), !text.isEmpty else { return nil }
            guard let code = CouponCode(text) else { throw Problem(.invalidCoupon) }
            return code
        }
    }
}
