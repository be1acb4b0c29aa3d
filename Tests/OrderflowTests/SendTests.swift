import TestServers
import Testing

@Suite("Sending")
struct SendTests {
    @Test("good lines go to their queues, and each bad one is told with its number")
    func lines() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let lines = [
                #"{"type":"payment.captured.v1","source":"gateway","id":"1","data":{}}"#,
                "", "not json", "[1]",
                #"{"type":"order.placed.v1","source":"shop","id":"2","data":{}}"#,
                #"{"type":"order.placed.v1","source":"shop","id":"3","data":{},"routingKey":"order.external"}"#,
                #"{"type":"order.placed.v1","source":"shop","id":"4","data":{},"routingKey":"order.externl"}"#,
                #"{"type":"nothing.known.v1","source":"shop","id":"5","data":{}}"#,
                #"{"type":"stock.counted.v1","source":"wms","data":{}}"#,
                #"{"type":"stock.counted.v1","source":"wms","id":"6"}"#,
                #"{"type":"stock.counted.v1","source":"wms","id":"7","data":{"note":"\#(String(repeating: "x", count: 1_048_576))"}}"#,
                #"{"type":"stock.counted.v1","source":"wms","id":"8","data":{}}"#,
                #"{"type":"stock.counted.v1","source":"wms","id":9,"data":{}}"#,
                #"{"type":"stock.counted.v1","source":"wms","id":"\#(String(repeating: "x", count: 201))","data":{}}"#,
            ]
            let result = try installation.program.run("send", "-", input: lines.joined(separator: "\n"))
            #expect(result.status == 1)
            let expected = [
                "standard input:3: not JSON", "standard input:4: expected an object",
                "standard input:5: order.placed goes to orders.internal or orders.external",
                #"standard input:7: routingKey: no queue takes "order.externl": did you mean order.external?"#,
                "standard input:8: type: nothing.known.v1 is not known here",
                "standard input:9: id: expected a text, got nothing", "standard input:10: data: expected an object",
                "standard input:11: longer than 1048576 bytes",
                "standard input:13: id: expected a text, got something else",
                "standard input:14: id: expected a text of 1 to 200 bytes", "3 sent and confirmed, 10 lines not sent",
            ]
            for sentence in expected { #expect(result.messages.contains(sentence), "\(sentence)\n\(result.summary)") }
            for queue in ["payments.callbacks", "orders.external", "warehouse.callbacks"] {
                try waitUntil("one message in \(queue)") { try installation.depth(of: queue) == 1 }
            }
        }
    }

    @Test("thousands of lines are confirmed, each once, and the flag names the queue of orders")
    func many() async throws {
        try await Installation.use { installation in
            try installation.setUp()
            let lines = (1...3_000).map {
                #"{"specversion":"1.0","type":"order.placed.v1","source":"shop","id":"\#($0)","data":{"n":\#($0)}}"#
            }
            let result = try installation.program.run(
                "send", "/dev/stdin", "--queue", "orders.internal", input: lines.joined(separator: "\r\n") + "\r\n")
            #expect(result.status == 0 && result.messages.contains("3000 sent and confirmed"), "\(result.summary)")
            try waitUntil("all of them in the queue") { try installation.depth(of: "orders.internal") == 3_000 }
        }
    }

    @Test("without the exchange nothing is sent, and the way out is named")
    func noExchange() async throws {
        try await Installation.use { installation in
            let result = try installation.program.run(
                "send", "-", input: #"{"type":"stock.counted.v1","source":"wms","id":"8","data":{}}"#)
            #expect(result.status == 2 && result.messages.contains("`orderflow topology declare`"), "\(result.summary)")
        }
    }
}
