/// The documented file with every key at its default, and the table for the documents: both made from `SettingKeys`.
enum ConfigurationTemplate {
    static var yaml: String {
        var lines = [
            "# The configuration of orderflow. Every key stands here with its default; leave out what you don't change.",
            "# Over this file stand variables (ORDERFLOW_ and the key: worker.batchMessages is ORDERFLOW_WORKER_BATCH_MESSAGES),",
            "# over those flags (--set worker.batchMessages=100). `orderflow config show` tells what holds, and from where.",
            "# Keep secrets in files of their own (…File) or in variables; they are never printed.",
        ]
        var section = ""
        for key in SettingKeys.all {
            if key.section != section {
                section = key.section
                lines += ["", "\(section):"]
            } else if section.isEmpty {
                lines.append("")
            }
            let indent = section.isEmpty ? "" : "  "
            lines += wrapped(key.summary, indent: indent)
            lines += wrapped("(\(key.expectation))", indent: indent)
            let comment = key.isSecret ? "# " : ""
            lines.append("\(indent)\(comment)\(key.name): \(quoted(key.standardText))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static var markdown: String {
        var lines = ["| key | default | what it is for |", "| --- | --- | --- |"]
        for key in SettingKeys.all {
            let standard = key.standardText.isEmpty ? "" : "`\(key.standardText)`"
            lines.append("| `\(key.path)`<br>`\(key.variable)` | \(standard) | \(key.summary) (\(key.expectation)) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        text.isEmpty || text.contains(": ") || text.contains("#") ? "\"\(text)\"" : text
    }

    private static func wrapped(_ text: String, indent: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent.count + line.count + word.count > 110 {
                lines.append("\(indent)# \(line)")
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + ["\(indent)# \(line)"]
    }
}
