package cairn.cli;

import cairn.cli.text.Sizes;
import picocli.CommandLine.TypeConversionException;

/** A number of bytes on the command line: {@code 4096}, {@code 64K}, {@code 1.5G}. Never negative. */
record Bytes(long count) {

    static Bytes parse(String text) {
        if (text.startsWith("-")) {
            throw new TypeConversionException("'" + text + "' is negative");
        }
        try {
            return new Bytes(Sizes.parse(text));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
