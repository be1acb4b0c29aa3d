/// A chart as SVG: lines with their points, two axes, a legend.
struct LineChart {
    private let chart: Chart
    private let right: Double
    private let top: Double

    private static let (width, height) = (860.0, 360.0)
    private static let (left, bottom, above, beside) = (70.0, 50.0, 40.0, 270.0)
    private static let colours = [
        "#1f77b4", "#d62728", "#2ca02c", "#ff7f0e", "#9467bd", "#8c564b", "#17becf", "#7f7f7f",
    ]

    init(_ chart: Chart) {
        self.chart = chart
        let points = chart.lines.flatMap(\.points)
        right = Self.roundedUp(points.map(\.x).max() ?? 1)
        top = Self.roundedUp(points.map(\.y).max() ?? 1)
    }

    var svg: String {
        var parts = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" \
            font-family="sans-serif" font-size="12">
            """,
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
            text(Self.left, 22, chart.title, size: 15),
            text((Self.left + Self.width - Self.beside) / 2, Self.height - 12, chart.xTitle, anchor: "middle"),
            text(8, Self.above - 6, chart.yTitle),
        ]
        for step in 0...4 {
            let (x, y) = (right * Double(step) / 4, top * Double(step) / 4)
            parts.append(line(place(0, y), place(right, y), "#dddddd"))
            parts.append(text(Self.left - 6, place(0, y).y + 4, y.shortText, anchor: "end"))
            parts.append(text(place(x, 0).x, Self.height - Self.bottom + 16, x.shortText, anchor: "middle"))
        }
        for (index, series) in chart.lines.enumerated() {
            let colour = Self.colours[index % Self.colours.count]
            let places = series.points.map { place($0.x, $0.y) }
            let path = places.map { "\($0.x.text(digits: 1).plain),\($0.y.text(digits: 1).plain)" }
            parts.append(
                "<polyline points=\"\(path.joined(separator: " "))\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\"/>"
            )
            if places.count <= 20 {
                parts += places.map {
                    "<circle cx=\"\($0.x.text(digits: 1).plain)\" cy=\"\($0.y.text(digits: 1).plain)\" r=\"3\" fill=\"\(colour)\"/>"
                }
            }
            let y = Self.above + 18 * Double(index)
            parts.append(line((Self.width - Self.beside + 12, y), (Self.width - Self.beside + 30, y), colour))
            parts.append(text(Self.width - Self.beside + 36, y + 4, series.title))
        }
        return (parts + ["</svg>", ""]).joined(separator: "\n")
    }

    private func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
        (
            Self.left + x / right * (Self.width - Self.left - Self.beside),
            Self.height - Self.bottom - y / top * (Self.height - Self.bottom - Self.above)
        )
    }

    private func line(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double), _ colour: String) -> String {
        let ends = [from.x, from.y, to.x, to.y].map { $0.text(digits: 1).plain }
        return "<line x1=\"\(ends[0])\" y1=\"\(ends[1])\" x2=\"\(ends[2])\" y2=\"\(ends[3])\" stroke=\"\(colour)\"/>"
    }

    private func text(_ x: Double, _ y: Double, _ text: String, anchor: String = "start", size: Int = 12) -> String {
        let place = "x=\"\(x.text(digits: 1).plain)\" y=\"\(y.text(digits: 1).plain)\""
        return "<text \(place) text-anchor=\"\(anchor)\" font-size=\"\(size)\">\(text.escaped)</text>"
    }

    /// To 1, 2, 4, 5 or 8 and zeros, so that quarters of it are short.
    private static func roundedUp(_ value: Double) -> Double {
        guard value > 0 else { return 1 }
        var unit = 1e-6
        while unit * 10 < value { unit *= 10 }
        return ([1, 2, 4, 5, 8, 10].first { $0 * unit >= value } ?? 10) * unit
    }
}

extension String {
    /// A number without what groups its digits.
    fileprivate var plain: String { replacing(",", with: "") }
    fileprivate var escaped: String { replacing("&", with: "&amp;").replacing("<", with: "&lt;") }
}
