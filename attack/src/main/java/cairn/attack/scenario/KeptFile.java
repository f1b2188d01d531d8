package cairn.attack.scenario;

import cairn.attack.ground.Agent;
import cairn.attack.ground.Cell;
import cairn.attack.load.VerifyJob;
import cairn.simulation.check.FileOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that nobody changes and whose every byte is known ({@link VerifyJob}), as it lies on the disks. */
final class KeptFile {

    private KeptFile() {}

    /** What is wrong with the replicas that the cell counts, as their disks have them; empty when nothing is. */
    static String firstWrong(Cell cell, String path, int copies) throws IOException {
        long offset = 0;
        for (Agent.Chunk chunk : cell.agent().locate(path)) {
            if (chunk.replicas().size() < copies) {
                return "chunk %016x has %d copies"
                        .formatted(chunk.handle(), chunk.replicas().size());
            }
            for (String address : chunk.replicas()) {
                Path file =
                        cell.at(address).directory().resolve("chunks").resolve("%016x.chunk".formatted(chunk.handle()));
                if (!Files.exists(file) || !isRight(Files.readAllBytes(file), offset, chunk.length())) {
                    return file + " is not right";
                }
            }
            offset += chunk.length();
        }
        return "";
    }

    private static boolean isRight(byte[] bytes, long offset, long length) {
        if (bytes.length < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[i] != FileOp.byteOf(VerifyJob.NUMBER, offset + i)) {
                return false;
            }
        }
        return true;
    }
}
