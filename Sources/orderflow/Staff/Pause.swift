internal import Glibc

/// Waiting a moment, on this thread.
enum Pause {
    static func milliseconds(_ count: Int32) {
        poll(nil, 0, count)
    }
}
