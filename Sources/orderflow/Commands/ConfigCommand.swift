internal import ArgumentParser

/// `orderflow config`: what holds, and where it comes from.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check and show the configuration.",
        subcommands: [Check.self, Show.self, Template.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check file, environment and flags, without connecting anywhere.")

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            let configuration = try options.load()
            for (name, meant) in ConfigurationLoader().unknownVariables {
                Console.message("\(name) is not read here: is \(meant) meant?")
            }
            Console.message("the configuration is fine (\(configuration.file ?? "no file: defaults and environment"))")
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what holds, and where each value comes from; secrets are masked.")

        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let configuration = try options.load()
            var listing = Listing(["key", "value", "origin"])
            for key in SettingKeys.all {
                listing.add([
                    .text(key.path), .text(configuration.text(of: key)), .text("\(configuration.origin(of: key))"),
                ])
            }
            output.write(listing, none: "")
        }
    }

    struct Template: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a documented file with every key at its default.")

        @Flag(help: "A table for documents instead.")
        var markdown = false

        func run() {
            let text = markdown ? ConfigurationTemplate.markdown : ConfigurationTemplate.yaml
            Console.data(String(text.dropLast()))
        }
    }
}
