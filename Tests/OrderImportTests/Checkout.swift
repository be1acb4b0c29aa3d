/// The checkout that the tests are built from.
enum Checkout {
    /// A file of it.
    static func path(_ relative: String, from file: String = #filePath) -> String {
        let root = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        return "\(root)/\(relative)"
    }
}
