package cairn.cli;

import cairn.model.CairnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns what went wrong into {@code thing: what and what to do}. */
final class Explanation {

    private Explanation() {}

    static String of(Throwable fault) {
        return switch (fault) {
            case UncheckedIOException e -> of(cause(e));
            case CairnException e -> message(e);
            case Failure e -> message(e);
            case FileSystemException e -> file(e);
            case BindException e -> "the port is in use, or the address is not this machine's: " + message(e);
            case UnknownHostException e -> message(e) + ": no machine of this name is known";
            case IOException e -> world(e);
            case OutOfMemoryError e -> "out of memory (" + message(e) + "); try again with CAIRN_JAVA_OPTS=-Xmx1g";
            case StackOverflowError e -> "too deep a nesting";
            default ->
                fault.getClass().getSimpleName() + ": " + message(fault)
                        + "; this is a mistake in cairn, run again with CAIRN_DEBUG=1 and report what it prints";
        };
    }

    private static String file(FileSystemException e) {
        String file = e.getFile() == null ? "a local file" : e.getFile();
        return file
                + ": "
                + switch (e) {
                    case NoSuchFileException x -> "no such file or directory";
                    case AccessDeniedException x -> "permission denied";
                    case FileAlreadyExistsException x -> "exists already";
                    case NotDirectoryException x -> "is not a directory";
                    case DirectoryNotEmptyException x -> "is not empty";
                    case FileSystemLoopException x -> "is a symbolic link to a directory above it";
                    default -> world(new IOException(e.getReason() == null ? "cannot be used" : e.getReason()));
                };
    }

    /** The operating system's words, with what to do where that is known. */
    private static String world(IOException e) {
        String words = message(e);
        if (words.endsWith(": No space left on device")) {
            return words + "; free some space and try again";
        }
        return switch (words.toLowerCase(Locale.ROOT)) {
            case "no space left on device", "disk quota exceeded" -> words + "; free some space and try again";
            case "is a directory" -> "is a directory, and a file is needed";
            default -> words;
        };
    }

    /** What was wrapped to get through an interface that knows no exceptions. */
    static IOException cause(UncheckedIOException e) {
        IOException cause = e.getCause();
        return cause == null ? new IOException(e) : cause;
    }

    private static String message(Throwable e) {
        @Nullable String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }
}
