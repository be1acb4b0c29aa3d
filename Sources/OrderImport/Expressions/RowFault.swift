/// Why a row gives no message.
struct RowFault: Error {
    /// The row that was read when it happened; `nil`: the row that the message is for.
    var row: RowReference?
    /// Where in the message: `data.lines[0].unitPriceMinor`.
    var path = ""
    var text: String

    init(_ text: String) { self.text = text }

    func at(_ name: String) -> RowFault {
        var fault = self
        fault.path = path.isEmpty ? name : path.hasPrefix("[") ? name + path : "\(name).\(path)"
        return fault
    }

    func within(_ row: RowReference) -> RowFault {
        var fault = self
        if fault.row == nil { fault.row = row }
        return fault
    }
}

/// A row of a table.
struct RowReference: Hashable {
    var table: Int
    var row: Int
}
