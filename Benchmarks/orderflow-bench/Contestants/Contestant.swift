/// Who is measured: what makes it run.
struct Contestant {
    let title: String
    /// Arguments of the program, for each process.
    let processes: [[String]]
    /// Consumers of each queue once all of it is there.
    let consumers: Int

    /// One message, one transaction, 32 at a time.
    static let usual = Contestant(title: "usual worker", processes: [["usual", "--threads", "32"]], consumers: 32)

    /// Our worker: two processes with a lane each, a lane a core. More lanes wait for each other's stock.
    static let ours = lanes(processes: 2, each: 1)

    static func lanes(processes: Int, each lanes: Int, batch: Int = 200) -> Contestant {
        Contestant(
            title: "orderflow",
            processes: Array(repeating: ["lanes", "--lanes", "\(lanes)", "--batch", "\(batch)"], count: processes),
            consumers: processes * lanes)
    }
}
