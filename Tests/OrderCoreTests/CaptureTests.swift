import OrderCore
import OrderSimulator
import Testing

@Suite("Captures that we ask for")
struct CaptureTests {
    @Test("authorised is not captured: enough to release with our own capture, not with the gateway's")
    func authorized() {
        var gateway = Bench()
        gateway.place()
        gateway.feed(gateway.paying(.authorized, "web/1", 200))
        #expect(gateway.status() == .awaitingPayment)
        gateway.verify()

        var bench = Bench { $0.capture = .onRelease }
        bench.place()
        bench.feed(bench.paying(.authorized, "web/1", 200))
        #expect(bench.status() == .released)
        #expect(bench.requests(.capture).map(\.amount) == [200])
        #expect(bench.count("order.paid") == 0)
        let request = bench.requests(.capture)[0].requestID
        bench.feed(bench.paying(.captured, "web/1", 200, answering: request))
        #expect(bench.requests(.capture)[0].state == .settled)
        #expect(bench.count("order.paid") == 1)
        bench.verify()
    }

    @Test("captured on shipping: each parcel its share, the last the rest")
    func onShip() {
        var bench = Bench { $0.capture = .onShip }
        bench.place("web/1", [.of("A", 3, at: 100)]) { $0.claimed.shipping = 10 }
        bench.feed(bench.paying(.authorized, "web/1", 400))
        #expect(bench.status() == .released)
        bench.ship("P1", [1: 1])
        bench.ship("P2", [1: 2])
        #expect(bench.requests(.capture).map(\.amount) == [100, 210])
        bench.verify()
    }

    @Test("captured on shipping: what was delivered by event is captured, and the rest when a short part ends it")
    func onShipOddEnds() {
        var bench = Bench { $0.capture = .onShip }
        bench.place("web/1", [.of("V", 1, at: 100)])
        bench.feed(bench.paying(.authorized, "web/1", 100))
        #expect(bench.requests(.capture).map(\.amount) == [100])
        bench.feed(bench.paying(.captured, "web/1", 100))
        #expect(bench.status() == .completed)

        bench.place("web/2", [.of("A", 2, at: 100)]) { $0.claimed.shipping = 10 }
        bench.feed(bench.paying(.authorized, "web/2", 210, "T2"))
        bench.ship("P1", [1: 1], "web/2")
        bench.report(.short, "web/2", [1: 1], document: "S1")
        #expect(bench.status("web/2") == .shipped)
        #expect(bench.requests(.capture, "web/2").map(\.amount) == [100, 10])
        bench.verify()
    }

    @Test("a capture that fails is held and can be asked again under its id; the authorisation stands meanwhile")
    func captureFailed() {
        var bench = Bench { $0.capture = .onShip }
        bench.place()
        bench.feed(bench.paying(.authorized, "web/1", 200))
        bench.ship("P1", [1: 1])
        let request = bench.requests(.capture)[0].requestID
        bench.feed(bench.paying(.failed, "web/1", 100, reference: "c1", answering: request))
        #expect(bench.holds() == [.captureFailed])
        bench.ship("P2", [1: 1])
        #expect(bench.requests(.capture).map(\.amount) == [100, 100])
        bench.command(.retry)
        #expect(bench.requests(.capture).map(\.tries).first == 2)
        bench.feed(bench.paying(.captured, "web/1", 100, reference: "c2", answering: request))
        bench.feed(
            bench.paying(.captured, "web/1", 100, reference: "c3", answering: bench.requests(.capture)[1].requestID))
        #expect(bench.holds().isEmpty)
        #expect(bench.money().captured == 200)
        bench.deliver("P1")
        bench.deliver("P2")
        #expect(bench.status() == .completed)
        bench.verify()
    }

    @Test("nothing left to capture from is a hold, not silence")
    func nothingToCapture() {
        var bench = Bench { $0.capture = .onShip }
        bench.place()
        bench.feed(bench.paying(.authorized, "web/1", 200))
        bench.feed(bench.paying(.voided, "web/1", 200))
        bench.ship()
        #expect(bench.holds() == [.captureFailed])
        bench.verify()
    }

    @Test("authorised again after there was nothing to capture from: asked for then, and the hold is mended")
    func authorizedAgain() {
        var bench = Bench { $0.capture = .onShip }
        bench.place()
        bench.feed(bench.paying(.authorized, "web/1", 200))
        bench.feed(bench.paying(.voided, "web/1", 200))
        bench.ship()
        bench.feed(bench.paying(.authorized, "web/1", 150, "T2"))
        #expect(bench.requests(.capture).map(\.amount) == [150])
        #expect(bench.holds() == [.captureFailed])
        bench.pay(50, "web/1", "T3")
        bench.feed(bench.paying(.captured, "web/1", 150, "T2"))
        #expect(bench.holds().isEmpty)
        bench.deliver()
        #expect(bench.status() == .completed)
        bench.verify()
    }
}
