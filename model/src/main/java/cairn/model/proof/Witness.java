package cairn.model.proof;

/**
 * Is told what a process goes through. Called from any thread, often, under locks: an implementation must be quick, must not
 * block and must not throw.
 */
public interface Witness {

    /** Notes nothing. */
    Witness NOBODY = new Witness() {
        @Override
        public void met(Probe probe) {}
    };

    /** A branch that handles a fault is taken. */
    void met(Probe probe);
}
