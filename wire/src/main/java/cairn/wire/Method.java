package cairn.wire;

import cairn.model.Invariant;
import org.jspecify.annotations.Nullable;

/** The calls of the protocol. Numbers are part of it and are never reused; docs/protocol.md lists them. */
public enum Method {
    HELLO(1),
    PING(2),

    CREATE(10),
    MKDIR(11),
    DELETE(12),
    RENAME(13),
    STAT(14),
    LIST(15),
    SET_ATTRIBUTES(16),
    LOCATE(17),
    OPEN_CHUNK(18),
    ADD_CHUNK(19),
    TRUNCATE(20),
    BAD_REPLICA(21),
    REPORT(22),
    SNAPSHOT(23),
    CHECK(24),
    EXPLAIN(25),

    DRAIN(30),
    FORGET(31),
    LIMITS(32),

    UNDELETE(33),
    LIST_TRASH(34),
    EMPTY_TRASH(35),
    SET_RULES(36),
    RULES(37),

    REGISTER(40),
    REPLICAS(41),
    HEARTBEAT(42),
    SEAL_CHUNK(43),
    MEMBER_FAILED(44),

    PREPARE(60),
    LEAD(61),
    DROP(62),
    CLONE(63),
    FORK(66),

    MUTATE(80),
    READ(81),
    AWAIT(82),
    SEAL(83),
    SUMS(84),
    SCRUB(85),
    PERMIT(86),

    REPLICATE(100),
    COMMITTED(101),
    STATE(102),
    REPAIR(103),
    ESTABLISH(104);

    private static final @Nullable Method[] BY_NUMBER = new Method[128];

    static {
        for (Method method : values()) {
            Invariant.check(BY_NUMBER[method.number] == null, "%s has the number of another method", method);
            BY_NUMBER[method.number] = method;
        }
    }

    private final int number;

    Method(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Whether it asks only for what the server has in memory; the answer may still wait behind what others are just logging. */
    public boolean isAnsweredFromMemory() {
        return this == STAT || this == LIST || this == LOCATE;
    }

    /** The method with this number, or null when this build knows none. */
    public static @Nullable Method of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}
