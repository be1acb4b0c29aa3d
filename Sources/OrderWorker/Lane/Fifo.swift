/// First in, first out. What was taken is let go though more waits behind it, so that a backlog takes no more memory than
/// what waits.
struct Fifo<Element> {
    private var elements: [Element?] = []
    private var head = 0

    /// How many wait.
    var count: Int { elements.count - head }
    var isEmpty: Bool { head == elements.count }
    /// The next.
    var first: Element? { isEmpty ? nil : elements[head] }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    /// Takes the next.
    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[head].take()
        head += 1
        // Half of it is taken: what waits moves to the front, each element once in its life on the average.
        if head > elements.count / 2 {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    mutating func removeAll() {
        elements.removeAll(keepingCapacity: true)
        head = 0
    }
}
