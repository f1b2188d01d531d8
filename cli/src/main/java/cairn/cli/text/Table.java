package cairn.cli.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of cells under each other, columns two spaces apart. Rows may be taken out in parts, so that a long listing is
 * never held whole; a column never gets narrower from one part to the next.
 */
public final class Table {
    private static final String GAP = "  ";

    private final Align[] aligns;
    private final int[] widths;
    private final List<String[]> rows = new ArrayList<>();

    /** Which side of its column a cell stands on. */
    public enum Align {
        LEFT,
        RIGHT
    }

    public Table(Align... aligns) {
        this.aligns = aligns.clone();
        this.widths = new int[aligns.length];
    }

    /** Adds a row; control characters in cells are shown as escapes, so that a row stays a line. */
    public Table row(String... cells) {
        if (cells.length != aligns.length) {
            throw new IllegalArgumentException(cells.length + " cells in a table of " + aligns.length + " columns");
        }
        String[] shown = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            shown[i] = oneLine(cells[i]);
            widths[i] = Math.max(widths[i], shown[i].codePointCount(0, shown[i].length()));
        }
        rows.add(shown);
        return this;
    }

    /** Rows not taken yet. */
    public int pending() {
        return rows.size();
    }

    /** The pending rows as text, each ending with a newline; they are taken. */
    public String take() {
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            int start = text.length();
            for (int i = 0; i < row.length; i++) {
                text.append(i == 0 ? "" : GAP);
                cell(row[i], i, text);
            }
            trimEnd(text, start);
            text.append('\n');
        }
        rows.clear();
        return text.toString();
    }

    /** {@code text} with control characters written as escapes, so that it stays on its line and cannot steer a terminal. */
    public static String oneLine(String text) {
        if (text.codePoints().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                shown.append("\\n");
            } else if (Character.isISOControl(c)) {
                shown.append("\\x").append(Integer.toHexString(0x100 | c).substring(1));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    private void cell(String cell, int column, StringBuilder text) {
        String padding = " ".repeat(widths[column] - cell.codePointCount(0, cell.length()));
        if (aligns[column] == Align.RIGHT) {
            text.append(padding).append(cell);
        } else {
            text.append(cell).append(padding);
        }
    }

    private static void trimEnd(StringBuilder text, int start) {
        while (text.length() > start && text.charAt(text.length() - 1) == ' ') {
            text.setLength(text.length() - 1);
        }
    }
}
