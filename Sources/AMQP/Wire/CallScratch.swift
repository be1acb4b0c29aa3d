internal import CRabbitMQ

/// Memory for the C structures of one call: strings and tables are copied in and stay valid until ``reset()``.
final class CallScratch {
    private static let capacity = 16 * 1024
    private let base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    private var used = 0
    private var overflow: [UnsafeMutableRawPointer] = []

    deinit {
        reset()
        base.deallocate()
    }

    func reset() {
        used = 0
        overflow.forEach { $0.deallocate() }
        overflow.removeAll()
    }

    func bytes(_ text: String) -> amqp_bytes_t {
        text.utf8.withContiguousStorageIfAvailable { copy(UnsafeRawBufferPointer($0)) } ?? bytes(Array(text.utf8))
    }

    func bytes(_ bytes: [UInt8]) -> amqp_bytes_t {
        bytes.withUnsafeBytes(copy)
    }

    /// A name as AMQP sends it: at most 255 bytes. The library would cut the length off and break the stream.
    func shortString(_ text: String, _ what: String) throws(AMQPError) -> amqp_bytes_t {
        guard text.utf8.count <= 255 else {
            throw AMQPError(.invalidArgument, "the \(what) has \(text.utf8.count) bytes; AMQP allows 255")
        }
        return bytes(text)
    }

    func table(_ values: [String: AMQPValue]) throws(AMQPError) -> amqp_table_t {
        guard !values.isEmpty else { return amqp_empty_table }
        let entries = allocate(values.count, of: amqp_table_entry_t.self)
        for (index, (key, value)) in values.enumerated() {
            let entry = amqp_table_entry_t(
                key: try shortString(key, "name of a header or argument"), value: try field(value))
            (entries + index).initialize(to: entry)
        }
        return amqp_table_t(num_entries: Int32(values.count), entries: entries)
    }

    private func field(_ value: AMQPValue) throws(AMQPError) -> amqp_field_value_t {
        var field = amqp_field_value_t()
        switch value {
        case .bool(let value):
            field.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
            field.value.boolean = value ? 1 : 0
        case .int(let value):
            field.kind = UInt8(AMQP_FIELD_KIND_I64.rawValue)
            field.value.i64 = value
        case .double(let value):
            field.kind = UInt8(AMQP_FIELD_KIND_F64.rawValue)
            field.value.f64 = value
        case .string(let value):
            field.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
            field.value.bytes = bytes(value)
        case .bytes(let value):
            field.kind = UInt8(AMQP_FIELD_KIND_BYTES.rawValue)
            field.value.bytes = bytes(value)
        case .timestamp(let value):
            field.kind = UInt8(AMQP_FIELD_KIND_TIMESTAMP.rawValue)
            field.value.u64 = value
        case .table(let values):
            field.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
            field.value.table = try table(values)
        case .array(let values):
            let entries = allocate(values.count, of: amqp_field_value_t.self)
            for (index, value) in values.enumerated() {
                (entries + index).initialize(to: try self.field(value))
            }
            field.kind = UInt8(AMQP_FIELD_KIND_ARRAY.rawValue)
            field.value.array = amqp_array_t(num_entries: Int32(values.count), entries: entries)
        case .null:
            field.kind = UInt8(AMQP_FIELD_KIND_VOID.rawValue)
        }
        return field
    }

    private func copy(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
        let target = allocate(bytes: source.count)
        if let start = source.baseAddress {
            target.copyMemory(from: start, byteCount: source.count)
        }
        return amqp_bytes_t(len: source.count, bytes: target)
    }

    private func allocate<T>(_ count: Int, of type: T.Type) -> UnsafeMutablePointer<T> {
        allocate(bytes: count * MemoryLayout<T>.stride).bindMemory(to: type, capacity: count)
    }

    private func allocate(bytes: Int) -> UnsafeMutableRawPointer {
        let rounded = (bytes + 15) & ~15
        if used + rounded <= Self.capacity {
            defer { used += rounded }
            return base + used
        }
        let extra = UnsafeMutableRawPointer.allocate(byteCount: max(rounded, 16), alignment: 16)
        overflow.append(extra)
        return extra
    }
}
