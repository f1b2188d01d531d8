package cairn.cli;

import cairn.client.Cairn;
import cairn.client.CellReport;
import cairn.client.CellReport.ServerHealth;
import cairn.model.CairnException;
import cairn.model.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Finds the chunkserver that an operand names, as {@code cairn report} shows it. */
final class NamedServer {

    private NamedServer() {}

    static ServerHealth find(Cairn cairn, String operand) throws IOException {
        return find(cairn.report(), operand);
    }

    static ServerHealth find(CellReport report, String operand) throws CairnException {
        return look(report, operand)
                .orElseThrow(() -> new CairnException(
                        ErrorCode.NOT_FOUND,
                        "'" + operand + "': no chunkserver has that id, address or host; see: cairn report"));
    }

    /** By id, by address, or by host when it is the only server there; empty when nobody has that name. */
    static Optional<ServerHealth> look(CellReport report, String operand) throws CairnException {
        List<ServerHealth> exact = report.servers().stream()
                .filter(server -> server.id().toString().equals(operand)
                        || server.address().toString().equals(operand))
                .toList();
        List<ServerHealth> found = !exact.isEmpty()
                ? exact
                : report.servers().stream()
                        .filter(server -> server.address().host().equals(operand))
                        .toList();
        if (found.size() > 1) {
            throw new CairnException(
                    ErrorCode.NOT_FOUND,
                    operand + ": " + found.size()
                            + " chunkservers are on that host; name one by its id, see: cairn report");
        }
        return found.stream().findFirst();
    }
}
