/// Why a body could not be read at all.
struct JSONSyntaxError: Error, Equatable {
    /// What is wrong with it.
    enum Code {
        case notJSON
        case notUTF8
        case tooDeep
    }

    /// What is wrong.
    var code: Code
    /// Counted from 0.
    var offset: Int
    /// For people: what was expected and found; never quotes the body, which may hold personal data.
    var text: String
}
