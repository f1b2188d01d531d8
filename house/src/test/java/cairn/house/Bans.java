package cairn.house;

import com.tngtech.archunit.core.domain.AccessTarget;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;

/** Bans that the pure cores and the simulated shells have in common, or nearly. */
final class Bans {
    private static final String ORDERED = "use TreeMap, LinkedHashMap, EnumMap or a list: the order must be ours";

    private Bans() {}

    static List<Ban> clocks(String instead) {
        return List.of(
                Ban.methods(instead, System.class, "nanoTime", "currentTimeMillis"),
                Ban.type(instead, "java.time.Clock"),
                new Ban(
                        instead,
                        target -> target.getOwner().getPackageName().startsWith("java.time")
                                && Ban.isNamed(target, "now")));
    }

    static List<Ban> chance(String instead) {
        return List.of(
                Ban.seedlessConstructor(instead, Random.class),
                Ban.seedlessConstructor(instead, SplittableRandom.class),
                Ban.type(instead, "java.util.concurrent.ThreadLocalRandom"),
                Ban.type(instead, "java.security.SecureRandom"),
                Ban.methods(instead, RandomGenerator.class, "getDefault", "of"),
                Ban.methods(instead, Math.class, "random"),
                Ban.methods(instead, UUID.class, "randomUUID"),
                Ban.methods("compare by value or by an id of ours", System.class, "identityHashCode"),
                Ban.constructor("key it by value or by an id of ours", IdentityHashMap.class),
                Ban.constructor("what the garbage collector does is not repeatable", WeakHashMap.class));
    }

    /** The JDK salts the iteration order of its immutable maps and sets for each JVM. An empty one has no order. */
    static List<Ban> saltedOrder() {
        return List.of(
                new Ban(
                        ORDERED,
                        target -> isOf(target, Map.class, Set.class)
                                && Ban.isNamed(target, "of", "ofEntries", "copyOf")
                                && !Ban.parameters(target).isEmpty()),
                Ban.methods(ORDERED, Collectors.class, "toUnmodifiableMap", "toUnmodifiableSet"));
    }

    static List<Ban> hashOrder() {
        return List.of(
                Ban.constructor(ORDERED, HashMap.class),
                Ban.constructor(ORDERED, HashSet.class),
                Ban.methods(ORDERED, HashMap.class, "newHashMap"),
                Ban.methods(ORDERED, HashSet.class, "newHashSet"),
                Ban.methods(ORDERED, Collectors.class, "toSet"),
                Ban.shortOf(4, ORDERED, Collectors.class, "toMap"),
                Ban.shortOf(3, ORDERED, Collectors.class, "groupingBy"));
    }

    static List<Ban> parallelStreams() {
        String instead = "use a plain loop";
        return List.of(
                Ban.methods(instead, Collection.class, "parallelStream"),
                Ban.methods(instead, BaseStream.class, "parallel"));
    }

    private static boolean isOf(AccessTarget target, Class<?> one, Class<?> other) {
        return target.getOwner().isEquivalentTo(one) || target.getOwner().isEquivalentTo(other);
    }
}
