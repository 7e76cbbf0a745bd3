//! The project's own tools: `cargo xtask <command>`.
//!
//! One module per command; the table below is the help text and the dispatch. Nothing here is
//! part of the product, and no product crate may depend on it. It may read files, start processes
//! and look at clocks, because it is a shell by nature.

#![expect(clippy::print_stdout, reason = "a command-line tool talks on standard output")]
#![expect(clippy::disallowed_methods, reason = "a shell reads clocks and the environment")]

mod bench;
mod capture;
mod fuzz;
mod golden;
mod measure;
mod oracle;
mod peers;
mod shell;
mod test;
mod tidy;

use std::process::ExitCode;

use anyhow::Result;

/// What a command gives back: whether everything that it looked at was right.
type Run = fn(&[String]) -> Result<bool>;

/// One command: its name, its arguments, what it does, and the function that does it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    run: Run,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "test",
        arguments: "",
        about: "everything that has to be right before a merge: formatting, lints, tidy,\n\
                licences, all tests, golden files, and others' captures where present",
        run: test::run,
    },
    Command {
        name: "tidy",
        arguments: "",
        about: "the house rules that no other tool checks: who may depend on whom, purity,\n\
                sizes, file headers, names, words",
        run: tidy::run,
    },
    Command {
        name: "oracle",
        arguments: "[--captures | --learn] [--protocol NAME] [--capture PART] [--show N] \
                    [--record] [--binary PATH]",
        about: "compare `decode --json` with what Zeek, Suricata, tshark, nDPI and IPAL say of\n\
                others' captures (../shared/captures or LIGHTCURTAIN_CAPTURES); tshark is also\n\
                run where it is installed; the last table has a line for every protocol and\n\
                names those that nobody else decodes; --record writes the agreement reached as\n\
                the new floors; --binary takes a program that is built already; --captures\n\
                inspects every capture instead (crashes, memory, damage, industrial protocols\n\
                that nobody else knows, findings in benign ones); --learn learns from the\n\
                first half of plant captures and judges the second",
        run: oracle::run,
    },
    Command {
        name: "peers",
        arguments: "[--show N] [NAME..]",
        about: "record independent clients and servers (crates/xtask/peers) and compare what\n\
                they say that they did with `decode --json`; needs root, tcpdump and PyPI, and\n\
                mosquitto for MQTT; everything is made in target/peers",
        run: peers::run,
    },
    Command {
        name: "golden",
        arguments: "[--check]",
        about: "write anew what decode and inspect say of the scripted conversations in\n\
                crates/xtask/golden, or only compare",
        run: golden::run,
    },
    Command {
        name: "bench",
        arguments: "inspect | wire | memory [MEGABYTES]",
        about: "inspect: CPU seconds and memory of inspect and decode beside nDPI, tshark and a\n\
                floor, over a large mix of industrial captures that it makes in target/bench;\n\
                wire: what each dissector reads in a second on one core;\n\
                memory: 1 GB, or so many megabytes, of the worst case of each protocol stays in\n\
                bounds",
        run: bench::run,
    },
    Command {
        name: "fuzz",
        arguments: "[--seconds 60] [PROTOCOL | capture]",
        about: "arbitrary bytes against every dissector and the capture readers, so many seconds\n\
                each, with coverage guidance and the address sanitizer (needs g++)",
        run: fuzz::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        help();
        return ExitCode::from(2);
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        help();
        return ExitCode::SUCCESS;
    }
    match name.as_str() {
        "measured" => return ended(name, measure::measured(rest)),
        "floor" => return ended(name, bench::floor::run(rest)),
        _ => {}
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        println!("`{name}` is no command of cargo xtask\n");
        help();
        return ExitCode::from(2);
    };
    if rest.iter().any(|argument| argument == "--help" || argument == "-h") {
        describe(command);
        return ExitCode::SUCCESS;
    }
    ended(name, (command.run)(rest))
}

fn ended(name: &str, result: Result<bool>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("cargo xtask {name}: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn help() {
    println!("The tools of the Lightcurtain project.\n\nUsage: cargo xtask <command> [options]\n");
    COMMANDS.iter().for_each(describe);
    println!("Exit code: 0 all is right, 1 something is not, 2 the command could not do its work.");
}

fn describe(command: &Command) {
    println!("  {}", format!("{} {}", command.name, command.arguments).trim_end());
    command.about.lines().for_each(|line| println!("      {line}"));
    println!();
}
