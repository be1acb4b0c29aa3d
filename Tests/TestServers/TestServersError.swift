/// What went wrong with the test servers, in a sentence.
public struct TestServersError: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
