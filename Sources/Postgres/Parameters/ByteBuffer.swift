/// A growing run of bytes at an address that C can read; big-endian, as PostgreSQL's binary formats are.
final class ByteBuffer {
    // Unchecked: no access spans a call out of this class, and the checks cost more than the work.
    @exclusivity(unchecked) private(set) var start: UnsafeMutableRawPointer
    @exclusivity(unchecked) private(set) var count = 0
    @exclusivity(unchecked) private var capacity: Int

    init(capacity: Int = 256) {
        self.capacity = capacity
        start = .allocate(byteCount: capacity, alignment: 8)
    }

    deinit {
        start.deallocate()
    }

    func removeAll() {
        count = 0
    }

    @inline(__always)
    func append<Integer: FixedWidthInteger>(_ value: Integer) {
        let size = MemoryLayout<Integer>.size
        reserve(size)
        start.storeBytes(of: value.bigEndian, toByteOffset: count, as: Integer.self)
        count += size
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        (start + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
    }

    func overwrite<Integer: FixedWidthInteger>(at offset: Int, with value: Integer) {
        precondition(
            offset + MemoryLayout<Integer>.size <= count, "a byte buffer is overwritten only where it was written")
        start.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Integer.self)
    }

    @inline(__always)
    private func reserve(_ additional: Int) {
        if count + additional > capacity { grow(by: additional) }
    }

    @inline(never)
    private func grow(by additional: Int) {
        capacity = max(capacity * 2, count + additional)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 8)
        larger.copyMemory(from: start, byteCount: count)
        start.deallocate()
        start = larger
    }
}
