/**
 * How the command line shows and reads values: JSON, tables, sizes, times, modes, patterns, the progress bar. Pure text in
 * and out; nothing here knows of a cell.
 */
@NullMarked
package cairn.cli.text;

import org.jspecify.annotations.NullMarked;
