/// What was found of one dependency or setting, and how to mend it.
struct Diagnosis {
    enum State: String {
        case ok
        /// It works, and somebody should look.
        case warning
        /// It will not work, or promises are at risk.
        case wrong
        /// The server is away or doesn't answer.
        case away
    }

    let about: String
    let state: State
    let text: String
    let mend: String

    static func ok(_ about: String, _ text: String) -> Diagnosis {
        Diagnosis(about: about, state: .ok, text: text, mend: "")
    }

    static func warning(_ about: String, _ text: String, mend: String) -> Diagnosis {
        Diagnosis(about: about, state: .warning, text: text, mend: mend)
    }

    static func wrong(_ about: String, _ text: String, mend: String) -> Diagnosis {
        Diagnosis(about: about, state: .wrong, text: text, mend: mend)
    }

    static func away(_ about: String, _ text: String, mend: String) -> Diagnosis {
        Diagnosis(about: about, state: .away, text: text, mend: mend)
    }
}
