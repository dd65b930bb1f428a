/// A plan as EXPLAIN shows it, without costs.
struct Plan: Hashable {
    let lines: [String]

    var text: String { lines.map { $0 + "\n" }.joined() }

    /// One look at a table.
    struct Scan: Hashable {
        let line: String
        let table: String
        /// What narrows an index down; nil where the whole of it is read.
        var condition: String?

        /// Whether only the tenant narrows it down: then everything that a tenant has is read.
        var readsWholeTenant: Bool {
            condition?.wholeMatch(of: /\(tenant_id = [^()]+\)/) != nil
        }
    }

    /// Every scan of a table, each with its index condition.
    var scans: [Scan] {
        var scans: [Scan] = []
        var isOpen = false
        for line in lines {
            if let match = line.firstMatch(of: /(?:Seq|Index|Index Only|Bitmap Heap|Tid) Scan.* on (\w+)/) {
                scans.append(Scan(line: line.trimmed, table: String(match.1)))
                isOpen = true
            } else if line.contains("->") {
                isOpen = false
            } else if isOpen, let match = line.firstMatch(of: /Index Cond: (.*)$/) {
                scans[scans.count - 1].condition = String(match.1)
                isOpen = false
            }
        }
        return scans
    }

    /// What no statement that many wait for may do.
    var heavyWork: [String] {
        lines.map(\.trimmed).filter { line in
            ["Hash Join", "Merge Join", "Hash Cond", "Merge Cond", "JIT:", "hashed SubPlan", "Bitmap"]
                .contains {
                    line.contains($0)
                }
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "-" || $0 == ">" })
    }
}
