/// The drill itself could not go on: a process did not start, a state did not come. Never a finding about the product.
struct DrillProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
