internal import CRabbitMQ

extension String {
    /// Text from the library's memory, copied; broken UTF-8 is repaired.
    init(_ bytes: amqp_bytes_t) {
        self.init(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
    }
}

extension AMQPValue {
    /// A value from the library's memory, copied.
    init(_ field: amqp_field_value_t) {
        switch amqp_field_value_kind_t(UInt32(field.kind)) {
        case AMQP_FIELD_KIND_BOOLEAN: self = .bool(field.value.boolean != 0)
        case AMQP_FIELD_KIND_I8: self = .int(Int64(field.value.i8))
        case AMQP_FIELD_KIND_U8: self = .int(Int64(field.value.u8))
        case AMQP_FIELD_KIND_I16: self = .int(Int64(field.value.i16))
        case AMQP_FIELD_KIND_U16: self = .int(Int64(field.value.u16))
        case AMQP_FIELD_KIND_I32: self = .int(Int64(field.value.i32))
        case AMQP_FIELD_KIND_U32: self = .int(Int64(field.value.u32))
        case AMQP_FIELD_KIND_I64: self = .int(field.value.i64)
        case AMQP_FIELD_KIND_U64:
            self = Int64(exactly: field.value.u64).map(Self.int) ?? .double(Double(field.value.u64))
        case AMQP_FIELD_KIND_F32: self = .double(Double(field.value.f32))
        case AMQP_FIELD_KIND_F64: self = .double(field.value.f64)
        case AMQP_FIELD_KIND_DECIMAL:
            let divisor = (0..<field.value.decimal.decimals).reduce(1.0) { power, _ in power * 10 }
            self = .double(Double(field.value.decimal.value) / divisor)
        case AMQP_FIELD_KIND_TIMESTAMP: self = .timestamp(field.value.u64)
        case AMQP_FIELD_KIND_UTF8: self = Self.text(field.value.bytes)
        case AMQP_FIELD_KIND_BYTES:
            self = .bytes(Array(UnsafeRawBufferPointer(start: field.value.bytes.bytes, count: field.value.bytes.len)))
        case AMQP_FIELD_KIND_TABLE: self = .table(Self.table(field.value.table))
        case AMQP_FIELD_KIND_ARRAY:
            let array = field.value.array
            self = .array(
                UnsafeBufferPointer(start: array.entries, count: Int(array.num_entries)).map { AMQPValue($0) })
        default: self = .null
        }
    }

    /// A table from the library's memory, copied. Of a name that comes twice the last counts.
    static func table(_ table: amqp_table_t) -> [String: AMQPValue] {
        UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries)).reduce(into: [:]) { result, entry in
            result[String(entry.key)] = AMQPValue(entry.value)
        }
    }

    private static func text(_ bytes: amqp_bytes_t) -> AMQPValue {
        let buffer = UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len)
        return String(validating: buffer, as: UTF8.self).map(Self.string) ?? .bytes(Array(buffer))
    }
}
