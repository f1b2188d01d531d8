package cairn.simulation.fuzz;

/** What is fuzzed, by the name that {@code ./dev fuzz} takes. */
enum FuzzTarget {
    /** Headers of frames. */
    FRAMES(20_000, DecoderFuzz::frames),
    /** Records of the master's log and checkpoints behind their checksums. */
    RECORDS(20_000, DecoderFuzz::records),
    /** Producer tables. */
    PRODUCERS(20_000, DecoderFuzz::producers),
    /** Paths, names and addresses. */
    NAMES(20_000, DecoderFuzz::names),
    /** The master's directory: identity, log, checkpoint. */
    LOG(1_500, FilesFuzz::log),
    /** A chunkserver's directory: identity, boot mark, journals, data. */
    STORE(200, FilesFuzz::store),
    /** Requests and lying answers to orders, at the master's core. */
    MASTER(150, MasterFuzz::run),
    /** Bytes on a server's connections. */
    CONNECTION(300, ConnectionFuzz::run),
    /** Calls with any values to the servers of a whole cell. */
    CELL(12, CellFuzz::run),
    /** Made up answers to the client library. */
    CLIENT(60, ClientFuzz::run);

    /** Reads the input; anything that it throws is a finding. */
    interface Reader {
        void read(byte[] data) throws Exception;
    }

    /** Inputs that an ordinary test makes beside the corpus. */
    final int inputs;

    final Reader reader;

    FuzzTarget(int inputs, Reader reader) {
        this.inputs = inputs;
        this.reader = reader;
    }
}
