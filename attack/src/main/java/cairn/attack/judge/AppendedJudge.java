package cairn.attack.judge;

import cairn.simulation.check.AppendCheck;
import cairn.simulation.check.AppendLook;
import cairn.simulation.check.AppendRecord;
import cairn.simulation.check.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Judges a file that was only appended to, and all that was seen of it: P3 and P4 by {@link AppendCheck}, and that what a
 * reader or follower got is what the file holds in the end (P2, P7). Histories hold checksums of what was read, not the bytes.
 */
final class AppendedJudge {

    private final String path;
    private final byte[] file;
    private final List<List<AppendRecord>> sent = new ArrayList<>();
    private final List<AppendLook> looks = new ArrayList<>();
    private int found;

    AppendedJudge(String path, byte[] file) {
        this.path = path;
        this.file = file;
    }

    /** The calls of one client. */
    void add(String client, List<Call> calls) {
        for (Call call : calls) {
            switch (call.kind()) {
                case "append" -> addAppend(call);
                case "follow", "read" -> addRead(client, call);
                case "length" -> addLength(client, call);
                default -> throw new IllegalArgumentException(call.toString());
            }
        }
    }

    private void addAppend(Call call) {
        int producer = (int) call.number(0);
        while (sent.size() <= producer) {
            sent.add(new ArrayList<>());
        }
        long offset = call.isGood() ? call.answerNumber(0) : -1;
        int number = (int) call.number(1);
        for (String length : call.word(3).split(",", -1)) {
            AppendRecord record = new AppendRecord(producer, number++, Integer.parseInt(length), (int) call.number(2));
            record.invokedAt = call.invokedAt();
            if (call.isGood()) {
                record.offset = offset;
                record.returnedAt = call.returnedAt();
                offset += record.length;
            }
            sent.get(producer).add(record);
        }
    }

    private void addRead(String client, Call call) {
        if (!call.isGood()) {
            return;
        }
        int offset = Math.toIntExact(call.number(0));
        int count = Math.toIntExact(call.answerNumber(0));
        Violation.unless(
                offset + count <= file.length,
                "%s: %s, %s shows bytes behind the end of the file, %d",
                path,
                client,
                call,
                file.length);
        CRC32C sum = new CRC32C();
        sum.update(file, offset, count);
        Violation.unless(
                Long.toHexString(sum.getValue()).equals(call.answer(1)),
                "%s: %s, %s shows other bytes than the file holds",
                path,
                client,
                call);
        boolean end = call.kind().equals("read") && count < call.number(1);
        if (count > 0 || end) {
            byte[] bytes = Arrays.copyOfRange(file, offset, offset + count);
            looks.add(new AppendLook(client, offset, bytes, end, call.invokedAt(), call.returnedAt()));
        }
    }

    private void addLength(String client, Call call) {
        if (call.isGood()) {
            looks.add(AppendLook.length(client, call.answerNumber(0), call.invokedAt(), call.returnedAt()));
        }
    }

    void run() {
        AppendCheck check = new AppendCheck(file, sent);
        try {
            check.run();
            check.judge(looks);
        } catch (Violation e) {
            throw new Violation(path + ": " + e.getMessage());
        }
        found = check.found();
    }

    /** Records in the file. */
    int found() {
        return found;
    }
}
