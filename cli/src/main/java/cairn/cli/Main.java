package cairn.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The {@code cairn} command: finds the verb, runs it, turns every failure into one line and an exit code. */
public final class Main {
    private static final int HELP_WIDTH = 100;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, Console.ofProcess()));
    }

    /** Runs one command line; never throws what a user could cause. */
    static int run(String[] arguments, Console console) {
        int code = dispatch(arguments, console);
        try {
            console.out().flush();
        } catch (IOException e) {
            return code == Action.DONE ? closed(console, "", e) : code;
        }
        return code;
    }

    private static int dispatch(String[] arguments, Console console) {
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        List<String> before = takeLeadingOptions(words);
        String first = words.isEmpty() ? "--help" : words.removeFirst();
        if (first.equals("--help") || first.equals("help") || first.equals("-h")) {
            return help(words, console);
        }
        if (first.equals("--version")) {
            first = "version";
        }
        Optional<Verb> verb = Verb.named(first);
        if (verb.isEmpty()) {
            console.complain("", Verb.unknown(first));
            return Action.WRONG_USAGE;
        }
        words.addAll(0, before);
        return run(verb.get(), words.toArray(String[]::new), console);
    }

    /** {@code --cell} may stand before the verb too. */
    private static List<String> takeLeadingOptions(List<String> words) {
        List<String> taken = new ArrayList<>();
        while (!words.isEmpty() && words.getFirst().startsWith("--cell")) {
            boolean apart = words.getFirst().equals("--cell");
            taken.add(words.removeFirst());
            if (apart && !words.isEmpty()) {
                taken.add(words.removeFirst());
            }
        }
        return taken;
    }

    private static int help(List<String> words, Console console) {
        Optional<Verb> verb = words.isEmpty() ? Optional.empty() : Verb.named(words.getFirst());
        if (verb.isPresent()) {
            return run(verb.get(), new String[] {"--help"}, console);
        }
        try {
            console.out().print(Verb.overview());
            return Action.DONE;
        } catch (IOException e) {
            return closed(console, "", e);
        }
    }

    private static int run(Verb verb, String[] words, Console console) {
        quietLogging(verb);
        Action action = verb.action();
        CommandLine line = commandLine(verb, action);
        try {
            line.parseArgs(words);
            if (line.isUsageHelpRequested()) {
                console.out().print(line.getUsageMessage(Ansi.OFF));
                return Action.DONE;
            }
            return action.run(console);
        } catch (CommandLine.ParameterException e) {
            return wrong(verb, console, plain(String.valueOf(e.getMessage())), e);
        } catch (WrongUsage e) {
            return wrong(verb, console, String.valueOf(e.getMessage()), e);
        } catch (Exception | OutOfMemoryError | StackOverflowError e) {
            return failed(verb, console, e);
        }
    }

    private static int wrong(Verb verb, Console console, String words, Throwable fault) {
        console.complain(verb.word(), words + "; see: cairn " + verb.word() + " --help");
        trace(console, fault);
        return Action.WRONG_USAGE;
    }

    /** Picocli's sentence in the style of our own: it begins with a capital, and sometimes with {@code Error: }. */
    private static String plain(String message) {
        String words = (message.startsWith("Error: ") ? message.substring(7) : message)
                .replaceFirst("is not an? (int|long)$", "is not a whole number")
                .replaceFirst("is not a double$", "is not a number");
        return words.isEmpty() ? words : Character.toLowerCase(words.charAt(0)) + words.substring(1);
    }

    private static int failed(Verb verb, Console console, Throwable fault) {
        if (console.out().isBroken()) {
            return closed(console, verb.word(), fault);
        }
        // What was printed before stands before the complaint.
        try {
            console.out().flush();
        } catch (IOException e) {
            return closed(console, verb.word(), e);
        }
        if (!console.interrupted().underWay()) {
            console.complain(verb.word(), Explanation.of(fault));
            trace(console, fault);
        }
        return Action.FAILED;
    }

    /** The reader of standard output went away, which is its right; any other fault of it is told. */
    private static int closed(Console console, String verb, Throwable fault) {
        String words = String.valueOf(fault.getMessage());
        if (!words.contains("Broken pipe") && !words.contains("Connection reset")) {
            console.complain(verb, "standard output: " + Explanation.of(fault));
        }
        return Action.FAILED;
    }

    /** The stack trace, for who asks for it. */
    static void trace(Console console, Throwable fault) {
        if (console.variable("CAIRN_DEBUG", "").isEmpty()) {
            return;
        }
        StringWriter text = new StringWriter();
        fault.printStackTrace(new PrintWriter(text));
        try {
            console.err().print(text.toString());
            console.err().flush();
        } catch (IOException e) {
            return;
        }
    }

    static CommandLine commandLine(Verb verb, Action action) {
        CommandLine line = new CommandLine(action)
                .setCommandName("cairn " + verb.word())
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setTrimQuotes(false);
        line.registerConverter(Bytes.class, Bytes::parse);
        CommandLine.Model.CommandSpec spec = line.getCommandSpec();
        spec.addOption(OptionSpec.builder("--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
        UsageMessageSpec usage = spec.usageMessage();
        usage.abbreviateSynopsis(false);
        usage.optionListHeading("%nOptions:%n");
        usage.sortOptions(false);
        usage.exitCodeListHeading("%nExit codes:%n");
        usage.exitCodeList(exitCodes(verb));
        usage.footerHeading("%nExamples:%n");
        return line;
    }

    private static Map<String, String> exitCodes(Verb verb) {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", verb == Verb.TEST ? "it is so" : verb == Verb.FSCK ? "healthy" : "done");
        codes.put(
                "1",
                verb == Verb.TEST ? "it is not so, or the cell could not be asked" : "failed; standard error says why");
        codes.put("2", "wrong usage");
        if (verb == Verb.DOCTOR) {
            codes.put("3", "something works, and not as well or as safely as it could");
            codes.put("4", "something is broken");
        }
        if (verb == Verb.FSCK) {
            codes.put("3", "not healthy: everything can be read, but something is not as safe as it should be");
            codes.put("4", "some bytes cannot be read now");
        }
        return codes;
    }

    /** Commands that talk to a cell print no log; loading a logging library would cost them a tenth of a second. */
    private static void quietLogging(Verb verb) {
        if (!verb.logs() && System.getProperty("slf4j.provider") == null) {
            System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
            System.setProperty("slf4j.internal.verbosity", "ERROR"); // it would tell of that choice
        }
    }
}
