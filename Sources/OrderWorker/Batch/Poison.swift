#if FAULTS
    internal import Glibc
    internal import OrderCore

    /// What no code should do to a message and some day one will: an order whose remark asks for it ends the process, or hangs
    /// it, where it is decided. In debug builds and with the trait `Faults` alone.
    enum Poison {
        static func strike(_ message: Message) {
            guard case .orderPlaced(let placed) = message.payload else { return }
            switch placed.remark {
            // As a trap of Swift ends it, without a page of stack.
            case "poison: trap": raise(SIGILL)
            case "poison: hang": while true { sleep(1) }
            default: break
            }
        }
    }
#endif
