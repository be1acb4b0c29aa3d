import Testing

@testable import orderflow_bench

@Suite("The report of the benchmark")
struct ReportTests {
    private func report(_ figures: [Figure]) -> Report {
        Report(command: "full", date: "", machine: "", scale: "", sections: [.init(title: "", figures: figures)])
    }

    private func figures(except name: String = "", _ value: Double = 0) -> [Figure] {
        Bar.all.filter { $0.command == "full" }.map { bar in
            Figure(bar.figure, bar.title, .ratio, [bar.figure == name ? value : bar.aim])
        }
    }

    @Test("it is short when one bar is short, or was not measured")
    func verdict() {
        #expect(!Verdict(report(figures())).isShort)
        #expect(Verdict(report(figures(except: "lifecycle.ratio", 4.99))).isShort)
        #expect(Verdict(report(figures(except: "cpu.worker_share", 0.26))).isShort)
        #expect(Verdict(report(Array(figures().dropLast()))).isShort)
    }

    @Test("a spread is the median and the range")
    func spread() {
        let spread = Spread([3, 1, 2, 10])
        #expect((spread.median, spread.least, spread.most) == (2.5, 1, 10))
        #expect(Spread([1_234.5, 0.125, 45.67]).texts == ["45.7", "0.13", "1,235"])
    }
}
