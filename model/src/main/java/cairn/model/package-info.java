/**
 * The words every other room speaks: ids, versions, paths, sizes, limits, errors.
 *
 * <p>Pure values only: nothing here can block, wait, print, read a clock or draw randomness. Start at {@link
 * cairn.model.Geometry} and {@link cairn.model.ErrorCode}.
 */
@NullMarked
package cairn.model;

import org.jspecify.annotations.NullMarked;
