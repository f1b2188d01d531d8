package cairn.server.chunk;

import cairn.chunk.Mutation;

/** The bytes {@code [from, to)} of the chunk that readers may not have before a mutation is committed. */
record Touched(long from, long to) {

    static Touched by(Mutation mutation, long lengthBefore) {
        return switch (mutation.kind()) {
            case SYNC -> new Touched(lengthBefore, lengthBefore);
            case SET_LENGTH ->
                new Touched(Math.min(lengthBefore, mutation.newLength()), Math.max(lengthBefore, mutation.newLength()));
            case WRITE, APPEND ->
                new Touched(Math.min(mutation.offset(), lengthBefore), mutation.offset() + mutation.length());
        };
    }
}
